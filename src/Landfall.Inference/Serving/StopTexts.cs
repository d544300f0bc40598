using System.Text;

namespace Landfall.Inference.Serving;

/// <summary>Holds text back while it may be the beginning of a text that ends the answer.</summary>
internal sealed class StopTexts(IReadOnlyList<string> stops)
{
    private readonly StringBuilder _held = new();

    /// <summary>Whether one of the texts has come.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Takes more text, and gives out what certainly belongs to the answer.</summary>
    public string Append(string text)
    {
        if (stops.Count == 0 || text.Length == 0)
        {
            return text;
        }

        var all = _held.Append(text).ToString();
        _held.Clear();
        var found = stops.Select(s => all.IndexOf(s, StringComparison.Ordinal)).Where(i => i >= 0).DefaultIfEmpty(-1).Min();
        if (found >= 0)
        {
            IsStopped = true;
            return all[..found];
        }

        var keep = stops.Max(s => Beginning(all, s));
        _held.Append(all, all.Length - keep, keep);
        return all[..^keep];
    }

    /// <summary>What was held back, when no more text comes.</summary>
    public string Flush()
    {
        var rest = IsStopped ? "" : _held.ToString();
        _held.Clear();
        return rest;
    }

    /// <summary>How much of the text's end is a beginning of the stop text, or of a mark.</summary>
    public static int Beginning(string text, string stop)
    {
        for (var length = Math.Min(text.Length, stop.Length - 1); length > 0; length--)
        {
            if (text.AsSpan(text.Length - length).SequenceEqual(stop.AsSpan(0, length)))
            {
                return length;
            }
        }

        return 0;
    }
}
