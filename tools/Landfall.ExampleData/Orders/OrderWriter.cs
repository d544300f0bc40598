using System.Text.RegularExpressions;
using Landfall.ExampleData.Text;

namespace Landfall.ExampleData.Orders;

/// <summary>Writes rows of one language: an order is drawn, then a message that asks for it.</summary>
internal sealed partial class OrderWriter(Grammar grammar, IReadOnlyList<Good> goods, IOrderWording wording, SplitMix random)
{
    /// <summary>How many of a hundred messages have a typing error in one word (English).</summary>
    private const double TypingErrors = 0.08;

    private const double LowerCase = 0.25;

    private static readonly int[] s_usualQuantities = [1, 2, 2, 3, 3, 4, 5, 6, 6, 8, 10, 12, 12, 15, 20, 24];

    private static readonly int[] s_counts = [1, 1, 1, 2, 2, 2, 2, 3, 3, 4];

    public OrderRow Write()
    {
        var items = Items();
        var address = random.Chance(0.65) ? wording.Address() : null;
        (string Value, string Noun, string Adverb)? day = random.Chance(0.65) ? wording.Day() : null;
        var rule = (address, day) switch
        {
            (null, null) => "with-neither",
            (null, _) => "with-date",
            (_, null) => "with-address",
            _ => "with-both",
        };

        var text = new Expansion(grammar, random).Write(rule)
            .Replace("TERSE", wording.Terse(items), StringComparison.Ordinal)
            .Replace("LINES", wording.Lines(items), StringComparison.Ordinal);
        text = InSentence(InSentence(text, "ITEMS", wording.InSentence(items)), "ONDATE", day?.Adverb ?? "");
        text = Tidy(text.Replace("DATE", day?.Noun, StringComparison.Ordinal));
        if (wording.Language == "en" && random.Chance(TypingErrors))
        {
            text = Mistyped(text);
        }

        text = text.Replace("ADDRESS", address, StringComparison.Ordinal);
        return wording.Language == "en" && random.Chance(LowerCase)
            ? new OrderRow(text.ToLowerInvariant(), new Order(items, address?.ToLowerInvariant(), day?.Value), wording.Language)
            : new OrderRow(text, new Order(items, address, day?.Value), wording.Language);
    }

    /// <summary>Puts words where a sign stands, with a capital where a sentence begins.</summary>
    private static string InSentence(string text, string sign, string words)
    {
        var at = text.IndexOf(sign, StringComparison.Ordinal);
        if (at < 0)
        {
            return text;
        }

        var isStart = at == 0 || (at > 1 && text[at - 1] == ' ' && text[at - 2] is ('.' or '!' or '?'));
        return text[..at] + (isStart ? EnglishForms.Of(words, "cap") : words) + text[(at + sign.Length)..];
    }

    private List<OrderItem> Items()
    {
        var chosen = new List<Good>();
        var count = random.Of(s_counts);
        while (chosen.Count < count)
        {
            var good = random.Of(goods);
            if (!chosen.Contains(good))
            {
                chosen.Add(good);
            }
        }

        return [.. chosen.Select(good => Item(good, random.Of(good.Units)))];
    }

    private OrderItem Item(Good good, string unit)
    {
        var quantity = random.Chance(0.7) ? random.Of(s_usualQuantities) : random.Between(1, 60);
        return new OrderItem(good.Name, unit == "piece" ? Math.Max(2, quantity) : quantity, unit);
    }

    /// <summary>Swaps, drops or doubles a letter of one longer word; the words that stand for something else are left alone.</summary>
    private string Mistyped(string text)
    {
        var words = LongWord().Matches(text);
        if (words.Count == 0)
        {
            return text;
        }

        var word = words[random.Next(words.Count)];
        var at = word.Index + random.Between(1, word.Length - 3);
        return random.Next(3) switch
        {
            0 => text[..at] + text[at + 1] + text[at] + text[(at + 2)..],
            1 => text[..at] + text[(at + 1)..],
            _ => text[..at] + text[at] + text[at..],
        };
    }

    private static string Tidy(string text) => DoubleMarks().Replace(SpacesBeforeMark().Replace(Spaces().Replace(text, " "), "${mark}"), "${first}").Trim();

    [GeneratedRegex("\\b[a-z]{6,}\\b", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LongWord();

    [GeneratedRegex(" {2,}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Spaces();

    [GeneratedRegex(" +(?<mark>[.,!?\n])", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SpacesBeforeMark();

    [GeneratedRegex("(?<first>[.,!?。，])[.,。，]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DoubleMarks();
}
