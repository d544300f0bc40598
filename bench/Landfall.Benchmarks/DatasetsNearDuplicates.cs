using System.Diagnostics;
using System.Globalization;
using Landfall.Retrieval.Duplicates;

namespace Landfall.Benchmarks;

/// <summary>Near duplicates by MinHash against an exact join, over texts among which near duplicates are planted.</summary>
internal static class DatasetsNearDuplicates
{
    private const double Threshold = 0.8;

    public static int Run(string[] args)
    {
        var texts = Generate(Options.Number(args, "--rows", 100_000), Options.Number(args, "--seed", 1));
        var watch = Stopwatch.StartNew();
        var result = NearDuplicates.Find(texts, Threshold);
        var seconds = watch.Elapsed.TotalSeconds;

        watch.Restart();
        var sets = texts.Select(t => Shingles.Of(t)).ToList();
        var exact = DatasetsExactJoin.Find(sets, Threshold);
        var listed = result.Pairs.Select(p => (p.First, p.Second)).ToHashSet();
        var found = exact.Count(p => listed.Contains((p.First, p.Second)));
        var grouped = exact.Count(p => result.AreNear(p.First, p.Second));
        var correct = result.Pairs.Count(p => Shingles.Jaccard(sets[p.First], sets[p.Second]) >= Threshold);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"texts      {texts.Count}, {texts.Average(t => t.Length):f0} characters each on average"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"minhash    {seconds:f2} s: {result.Pairs.Count} pairs, {result.RowsInGroups} texts in {result.Groups.Count} groups"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"exact      {watch.Elapsed.TotalSeconds:f2} s: {exact.Count} pairs with a Jaccard similarity of at least {Threshold}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"recall     {Share(found, exact.Count):f4} of the exact pairs listed, {Share(grouped, exact.Count):f4} in one group"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"precision  {Share(correct, result.Pairs.Count):f4}"));
        return 0;
    }

    private static double Share(int part, int whole) => whole == 0 ? 1 : (double)part / whole;

    /// <summary>Four in five texts are new, of 8 to 80 words; the others are earlier ones with up to a tenth of the words replaced, inserted or left out.</summary>
    private static List<string> Generate(int rows, int seed)
    {
        var sentences = new DatasetsSentences(seed);
        var texts = new List<string>(rows);
        while (texts.Count < rows)
        {
            texts.Add(texts.Count == 0 || sentences.Next(5) > 0
                ? sentences.Text(8 + sentences.Next(73))
                : Edit(texts[sentences.Next(texts.Count)], sentences));
        }

        return texts;
    }

    private static string Edit(string text, DatasetsSentences sentences)
    {
        var words = text.Split(' ').ToList();
        for (var edits = sentences.Next(1 + (words.Count / 10)); edits >= 0; edits--)
        {
            var at = sentences.Next(words.Count);
            switch (sentences.Next(3))
            {
                case 0:
                    words[at] = sentences.NextWord();
                    break;
                case 1:
                    words.Insert(at, sentences.NextWord());
                    break;
                default:
                    words.RemoveRange(at, words.Count > 1 ? 1 : 0);
                    break;
            }
        }

        return string.Join(' ', words);
    }
}
