using System.Runtime.InteropServices;
using Landfall.Protocol.Datasets;

namespace Landfall.Platform.Datasets.Statistics;

/// <summary>
/// Words that are typical of a label: log-odds against all other rows with an informative Dirichlet prior (Monroe, Colaresi,
/// Quinn, "Fightin' Words", 2008). The prior is the whole dataset, so that rare words do not win by chance.
/// </summary>
internal sealed class TypicalWords
{
    private const int Shown = 8;
    private const int MostWords = 50_000;
    private const double LeastScore = 1.96;
    private readonly Dictionary<string, int> _all = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, int>> _labels = new(StringComparer.Ordinal);

    public void Add(string label, IEnumerable<string> words)
    {
        if (!_labels.TryGetValue(label, out var counts))
        {
            counts = _labels.Count < 2_000 ? _labels[label] = new Dictionary<string, int>(StringComparer.Ordinal) : null;
        }

        foreach (var word in words)
        {
            if (_all.Count < MostWords || _all.ContainsKey(word))
            {
                CollectionsMarshal.GetValueRefOrAddDefault(_all, word, out _)++;
                if (counts is not null)
                {
                    CollectionsMarshal.GetValueRefOrAddDefault(counts, word, out _)++;
                }
            }
        }
    }

    public IReadOnlyList<TypicalWord> Of(string label)
    {
        if (!_labels.TryGetValue(label, out var own))
        {
            return [];
        }

        var all = (double)_all.Values.Sum();
        var mine = (double)own.Values.Sum();
        var others = all - mine;
        return [.. own.Select(w => new TypicalWord(w.Key, Math.Round(Score(w.Value, _all[w.Key]), 2)))
            .Where(w => w.Score >= LeastScore)
            .OrderByDescending(w => w.Score).ThenBy(w => w.Word, StringComparer.Ordinal).Take(Shown)];

        double Score(double here, double everywhere)
        {
            var there = everywhere - here;
            var prior = everywhere;
            var odds = Math.Log((here + prior) / (mine + all - here - prior)) - Math.Log((there + prior) / (others + all - there - prior));
            return odds / Math.Sqrt((1 / (here + prior)) + (1 / (there + prior)));
        }
    }
}
