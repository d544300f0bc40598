using System.Text;

namespace Landfall.Platform.Evaluation.Text;

/// <summary>
/// Half a surrogate pair, as a truncated answer may end in, makes <see cref="string.Normalize()"/> throw: it becomes U+FFFD.
/// </summary>
internal static class WellFormed
{
    public static string Of(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]))
            {
                return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            }
        }

        return text;
    }
}
