using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Landfall.Inference.Constraints.Patterns;

/// <summary>A set of Unicode code points, surrogates never among them.</summary>
internal sealed class CharacterClass
{
    public const int LastCodePoint = 0x10FFFF;
    private const int FirstSurrogate = 0xD800;
    private const int LastSurrogate = 0xDFFF;
    private static readonly Lazy<Dictionary<UnicodeCategory, CharacterClass>> Categories = new(ReadCategories);

    // What is worked out of the categories, once.
    private static readonly ConcurrentDictionary<string, CharacterClass> Known = new(StringComparer.Ordinal);

    private CharacterClass(Range[] ranges) => Ranges = ranges;

    /// <summary>In order, apart from each other.</summary>
    public Range[] Ranges { get; }

    public static CharacterClass Any { get; } = Of(new Range(0, LastCodePoint));

    // Regular expression engines differ in what these hold beyond ASCII. An answer is to fit whichever reads it, so each is
    // what ECMA-262, .NET and Python agree on: in most cases what ASCII has of it.
    public static CharacterClass Digit { get; } = Of(new Range('0', '9'));

    public static CharacterClass Word { get; } = Of(new('0', '9'), new('A', 'Z'), new('_', '_'), new('a', 'z'));

    public static CharacterClass Space { get; } = Of(new(9, 13), new(32, 32));

    public static CharacterClass NotDigit => Kept(@"\D", () => WidestDigit.Complement());

    public static CharacterClass NotWord => Kept(@"\W", () => WidestWord.Complement());

    public static CharacterClass NotSpace => Kept(@"\S", () => WidestSpace.Complement());

    /// <summary>What some engine takes for a digit; the next ones likewise.</summary>
    public static CharacterClass WidestDigit => OfCategory("N")!;

    public static CharacterClass WidestWord => Kept(@"widest \w", () => Of(((string[])["L", "M", "N", "Pc"]).SelectMany(name => OfCategory(name)!.Ranges)));

    public static CharacterClass WidestSpace => Kept(@"widest \s", () => Of([.. Of(((string[])["Z", "Cc"]).SelectMany(name => OfCategory(name)!.Ranges)).Ranges, new(0x180E, 0x180E), new(0xFEFF, 0xFEFF)]));

    public static CharacterClass WidestNotDigit => Kept(@"widest \D", () => Digit.Complement());

    public static CharacterClass WidestNotWord => Kept(@"widest \W", () => Word.Complement());

    public static CharacterClass WidestNotSpace => Kept(@"widest \S", () => Space.Complement());

    /// <summary>All but ECMA-262's LineTerminator.</summary>
    public static CharacterClass Dot { get; } = Of(new('\n', '\n'), new('\r', '\r'), new(0x2028, 0x2029)).Complement();

    public static CharacterClass Of(params IEnumerable<Range> ranges)
    {
        var joined = new List<Range>();
        foreach (var range in ranges.SelectMany(WithoutSurrogates).OrderBy(range => range.First))
        {
            if (joined.Count > 0 && range.First <= joined[^1].Last + 1)
            {
                joined[^1] = joined[^1] with { Last = Math.Max(joined[^1].Last, range.Last) };
            }
            else
            {
                joined.Add(range);
            }
        }

        return new CharacterClass([.. joined]);
    }

    public static CharacterClass Of(int codePoint) => Of(new Range(codePoint, codePoint));

    /// <summary>The code points of a general category ("L", "Lu"); null where there is no such category.</summary>
    public static CharacterClass? OfCategory(string name)
    {
        var members = CategoryNames.Where(pair => name.Length is 1 or 2 && pair.Name.StartsWith(name, StringComparison.Ordinal)).ToList();
        return members.Count == 0 ? null : Kept(name, () => Of(members.SelectMany(pair => Categories.Value.TryGetValue(pair.Category, out var found) ? found.Ranges : [])));
    }

    /// <summary>All others than those of a general category that there is.</summary>
    public static CharacterClass NotOfCategory(string name) => Kept($"not {name}", () => OfCategory(name)!.Complement());

    public CharacterClass Complement()
    {
        var gaps = new List<Range>();
        var next = 0;
        foreach (var range in Ranges)
        {
            if (range.First > next)
            {
                gaps.Add(new Range(next, range.First - 1));
            }

            next = range.Last + 1;
        }

        if (next <= LastCodePoint)
        {
            gaps.Add(new Range(next, LastCodePoint));
        }

        return Of(gaps);
    }

    private static readonly (string Name, UnicodeCategory Category)[] CategoryNames =
    [
        ("Lu", UnicodeCategory.UppercaseLetter), ("Ll", UnicodeCategory.LowercaseLetter), ("Lt", UnicodeCategory.TitlecaseLetter),
        ("Lm", UnicodeCategory.ModifierLetter), ("Lo", UnicodeCategory.OtherLetter), ("Mn", UnicodeCategory.NonSpacingMark),
        ("Mc", UnicodeCategory.SpacingCombiningMark), ("Me", UnicodeCategory.EnclosingMark), ("Nd", UnicodeCategory.DecimalDigitNumber),
        ("Nl", UnicodeCategory.LetterNumber), ("No", UnicodeCategory.OtherNumber), ("Pc", UnicodeCategory.ConnectorPunctuation),
        ("Pd", UnicodeCategory.DashPunctuation), ("Ps", UnicodeCategory.OpenPunctuation), ("Pe", UnicodeCategory.ClosePunctuation),
        ("Pi", UnicodeCategory.InitialQuotePunctuation), ("Pf", UnicodeCategory.FinalQuotePunctuation), ("Po", UnicodeCategory.OtherPunctuation),
        ("Sm", UnicodeCategory.MathSymbol), ("Sc", UnicodeCategory.CurrencySymbol), ("Sk", UnicodeCategory.ModifierSymbol),
        ("So", UnicodeCategory.OtherSymbol), ("Zs", UnicodeCategory.SpaceSeparator), ("Zl", UnicodeCategory.LineSeparator),
        ("Zp", UnicodeCategory.ParagraphSeparator), ("Cc", UnicodeCategory.Control), ("Cf", UnicodeCategory.Format),
        ("Co", UnicodeCategory.PrivateUse), ("Cn", UnicodeCategory.OtherNotAssigned),
    ];

    private static CharacterClass Kept(string name, Func<CharacterClass> make) => Known.GetOrAdd(name, static (_, make) => make(), make);

    private static IEnumerable<Range> WithoutSurrogates(Range range)
    {
        if (range.First < FirstSurrogate)
        {
            yield return range with { Last = Math.Min(range.Last, FirstSurrogate - 1) };
        }

        if (range.Last > LastSurrogate)
        {
            yield return range with { First = Math.Max(range.First, LastSurrogate + 1) };
        }
    }

    private static Dictionary<UnicodeCategory, CharacterClass> ReadCategories()
    {
        var ranges = new Dictionary<UnicodeCategory, List<Range>>();
        for (var codePoint = 0; codePoint <= LastCodePoint; codePoint++)
        {
            if (!Rune.IsValid(codePoint))
            {
                continue;
            }

            var category = CharUnicodeInfo.GetUnicodeCategory(codePoint);
            ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(ranges, category, out _);
            list ??= [];
            if (list.Count > 0 && list[^1].Last == codePoint - 1)
            {
                list[^1] = list[^1] with { Last = codePoint };
            }
            else
            {
                list.Add(new Range(codePoint, codePoint));
            }
        }

        return ranges.ToDictionary(pair => pair.Key, pair => new CharacterClass([.. pair.Value]));
    }

    /// <summary>Classes of the same characters are equal.</summary>
    public sealed class SameCharacters : IEqualityComparer<CharacterClass>
    {
        public static SameCharacters Instance { get; } = new();

        public bool Equals(CharacterClass? x, CharacterClass? y) => ReferenceEquals(x, y) || x!.Ranges.AsSpan().SequenceEqual(y!.Ranges);

        public int GetHashCode(CharacterClass obj) =>
            obj.Ranges.Length == 0 ? 0 : HashCode.Combine(obj.Ranges.Length, obj.Ranges[0], obj.Ranges[^1], obj.Ranges[obj.Ranges.Length / 2]);
    }

    /// <summary>Code points from <paramref name="First"/> to <paramref name="Last"/>, both among them.</summary>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Range(int First, int Last);
}
