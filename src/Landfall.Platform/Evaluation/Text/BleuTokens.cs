using System.Text;
using System.Text.RegularExpressions;

namespace Landfall.Platform.Evaluation.Text;

/// <summary>
/// The tokens that sacreBLEU counts (Post, WMT 2018): its tokenizer <c>13a</c>, which is that of mteval-v13a, and for Chinese
/// its tokenizer <c>zh</c>.
/// </summary>
internal static partial class BleuTokens
{
    // The blocks that sacreBLEU's zh tokenizer sets apart, in code points. Its own table writes two ranges above U+FFFF with
    // four-digit escapes, which makes the first of them U+2001 to U+2A6D (general punctuation such as the curly quotes among
    // them) and leaves the real extension B out; figures only agree with published ones when that is kept.
    private static readonly (int First, int Last)[] s_apart =
    [
        (0x2001, 0x2A6D), (0x2E80, 0x2EFF), (0x2F00, 0x2FDF), (0x2FF0, 0x2FFF), (0x3000, 0x303F), (0x3100, 0x312F),
        (0x31A0, 0x31BF), (0x31C0, 0x31EF), (0x3200, 0x33FF), (0x3400, 0x4DB5), (0x4E00, 0x9FBB), (0xF900, 0xFA2D),
        (0xFA30, 0xFA6A), (0xFA70, 0xFAD9), (0xFE10, 0xFE1F), (0xFE30, 0xFE4F), (0xFF00, 0xFFEF),
    ];

    public static string[] Western(string line)
    {
        line = line.TrimEnd()
            .Replace("<skipped>", "", StringComparison.Ordinal)
            .Replace("-\n", "", StringComparison.Ordinal)
            .Replace('\n', ' ')
            .Replace("&quot;", "\"", StringComparison.Ordinal)
            .Replace("&amp;", "&", StringComparison.Ordinal)
            .Replace("&lt;", "<", StringComparison.Ordinal)
            .Replace("&gt;", ">", StringComparison.Ordinal);
        return Split($" {line} ");
    }

    public static string[] Chinese(string line)
    {
        var spaced = new StringBuilder(line.Length * 3);
        foreach (var rune in line.Trim().EnumerateRunes())
        {
            if (s_apart.Any(block => rune.Value >= block.First && rune.Value <= block.Last))
            {
                spaced.Append(' ').Append(rune).Append(' ');
            }
            else
            {
                spaced.Append(rune);
            }
        }

        return Split(spaced.ToString());
    }

    private static string[] Split(string line)
    {
        line = Symbol().Replace(line, " ${symbol} ");
        line = PointAfterNonDigit().Replace(line, "${before} ${point} ");
        line = PointBeforeNonDigit().Replace(line, " ${point} ${after}");
        line = DashAfterDigit().Replace(line, "${digit} - ");
        return line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    }

    [GeneratedRegex(@"(?<symbol>[{-~\[-` -&(-+:-@/])", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: -1)]
    private static partial Regex Symbol();

    [GeneratedRegex(@"(?<before>[^0-9])(?<point>[.,])", RegexOptions.CultureInvariant | RegexOptions.Singleline, matchTimeoutMilliseconds: -1)]
    private static partial Regex PointAfterNonDigit();

    [GeneratedRegex(@"(?<point>[.,])(?<after>[^0-9])", RegexOptions.CultureInvariant | RegexOptions.Singleline, matchTimeoutMilliseconds: -1)]
    private static partial Regex PointBeforeNonDigit();

    [GeneratedRegex(@"(?<digit>[0-9])-", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: -1)]
    private static partial Regex DashAfterDigit();
}
