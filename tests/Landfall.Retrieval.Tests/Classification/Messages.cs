using Landfall.Retrieval.Classification;

namespace Landfall.Retrieval.Tests.Classification;

/// <summary>Made-up messages, a few topics with their own words and many shared ones.</summary>
internal static class Messages
{
    public const string OutOfScope = "other";

    private static readonly string[] Shared = ["please", "i", "want", "my", "the", "today", "help", "with", "can", "you", "帮我", "请问"];

    public static List<LabelledText> Of(int seed, int labels, int rowsPerLabel, int outOfScopeRows = 0)
    {
        var random = new Random(seed);
        var rows = new List<LabelledText>();
        for (var label = 0; label < labels; label++)
        {
            for (var row = 0; row < rowsPerLabel; row++)
            {
                rows.Add(new LabelledText(Text(random, $"topic{label}word", 4), $"label-{label:0000}"));
            }
        }

        for (var row = 0; row < outOfScopeRows; row++)
        {
            rows.Add(new LabelledText(Text(random, $"strange{random.Next(30)}", 9), OutOfScope));
        }

        return rows;
    }

    private static string Text(Random random, string stem, int distinct)
    {
        var words = Enumerable.Range(0, random.Next(2, 6)).Select(_ => Shared[random.Next(Shared.Length)]).ToList();
        for (var i = random.Next(1, 3); i > 0; i--)
        {
            words.Insert(random.Next(words.Count), $"{stem}{(char)('a' + random.Next(distinct))}");
        }

        return string.Join(' ', words);
    }
}
