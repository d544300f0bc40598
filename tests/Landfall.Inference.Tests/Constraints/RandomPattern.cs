using System.Globalization;
using System.Text;

namespace Landfall.Inference.Constraints;

/// <summary>Random regular expressions of the subset, each written twice: as a user would, and so that .NET reads it by code points.</summary>
internal sealed record RandomPattern(string Text, string DotNet)
{
    private const string Letters = "ab01 _-é中\"\\\n";
    private const string Surrogates = @"\uD800-\uDFFF";
    private const string Pair = @"[\uD800-\uDBFF][\uDC00-\uDFFF]";

    public static RandomPattern Make(Random random, int depth = 3) => random.Next(depth > 0 ? 9 : 4) switch
    {
        0 or 1 or 2 => Letter(random),
        3 => Class(random),
        4 or 5 => Join(Enumerable.Range(0, random.Next(1, 4)).Select(_ => Make(random, depth - 1)), ""),
        6 => Group(random, Join(Enumerable.Range(0, random.Next(2, 4)).Select(_ => Make(random, depth - 1)), "|")),
        _ => Quantified(random, Make(random, depth - 1)),
    };

    private static RandomPattern Letter(Random random)
    {
        var letter = Letters[random.Next(Letters.Length)];
        var text = letter switch
        {
            '\\' => @"\\",
            '\n' => @"\n",
            'é' when random.Next(2) == 0 => @"\u00e9",
            '-' when random.Next(2) == 0 => @"\-",
            _ => letter.ToString(),
        };
        return new RandomPattern(text, text);
    }

    private static RandomPattern Class(Random random) => random.Next(8) switch
    {
        0 => new(@"\d", "[0-9]"),
        1 => new(@"\w", "[A-Za-z0-9_]"),
        2 => new(@"\s", @"[\t-\r ]"),
        3 => new(".", $@"(?:{Pair}|[^\n\r\u2028\u2029{Surrogates}])"),
        4 => new("[a-f0-9_]", "[a-f0-9_]"),
        5 => new(@"[^a\d\n]", $@"(?:{Pair}|[^a0-9\n{Surrogates}])"),
        6 => new("[α-ω]", "[α-ω]"),
        _ => new(@"[^\s_]", $@"(?:{Pair}|[^\t-\r _{Surrogates}])"),
    };

    private static RandomPattern Group(Random random, RandomPattern inner)
    {
        var open = random.Next(3) switch { 0 => "(", 1 => "(?:", _ => "(?<name>" };
        return new RandomPattern($"{open}{inner.Text})", $"(?:{inner.DotNet})");
    }

    private static RandomPattern Quantified(Random random, RandomPattern inner)
    {
        var min = random.Next(3);
        var quantifier = random.Next(6) switch
        {
            0 => "*",
            1 => "+",
            2 => "?",
            3 => string.Create(CultureInfo.InvariantCulture, $"{{{min}}}"),
            4 => string.Create(CultureInfo.InvariantCulture, $"{{{min},}}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{{{min},{min + random.Next(3)}}}"),
        };
        return new RandomPattern($"(?:{inner.Text}){quantifier}", $"(?:{inner.DotNet}){quantifier}");
    }

    private static RandomPattern Join(IEnumerable<RandomPattern> parts, string separator)
    {
        var list = parts.ToList();
        return new RandomPattern(string.Join(separator, list.Select(part => part.Text)), string.Join(separator, list.Select(part => part.DotNet)));
    }

    /// <summary>A text with one character put in, taken out or changed.</summary>
    public static string Mutate(string text, Random random)
    {
        var runes = text.EnumerateRunes().ToList();
        var place = random.Next(runes.Count + 1);
        var letter = new Rune(Letters[random.Next(Letters.Length)]);
        if (place == runes.Count || random.Next(3) == 0)
        {
            runes.Insert(place, letter);
        }
        else if (random.Next(2) == 0)
        {
            runes.RemoveAt(place);
        }
        else
        {
            runes[place] = letter;
        }

        return string.Concat(runes);
    }
}
