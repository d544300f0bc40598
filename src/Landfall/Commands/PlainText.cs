using System.Text;

namespace Landfall.Commands;

/// <summary>Text from data and servers, made safe for a terminal.</summary>
internal static class PlainText
{
    /// <summary>Replaces control characters, so that no row of data can move the cursor or set the terminal's title.</summary>
    public static string Clean(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', '\u001f') && !text.AsSpan().ContainsAnyInRange('\u007f', '\u009f'))
        {
            return text;
        }

        var cleaned = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            cleaned.Append(char.IsControl(c) && c is not ('\n' or '\t') ? '\ufffd' : c);
        }

        return cleaned.ToString();
    }

    /// <summary>One line of at most <paramref name="length"/> characters, for a table's cell.</summary>
    public static string Cell(string text, int length = 160)
    {
        var line = Clean(text).ReplaceLineEndings(" ").Replace('\t', ' ').Trim();
        if (line.Length <= length)
        {
            return line;
        }

        // A surrogate pair is not cut in two.
        var end = char.IsHighSurrogate(line[length - 1]) ? length - 1 : length;
        return line[..end] + "...";
    }
}
