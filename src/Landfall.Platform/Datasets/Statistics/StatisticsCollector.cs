using System.Runtime.InteropServices;
using System.Text;
using Landfall.Platform.Datasets.Cleaning;
using Landfall.Platform.Datasets.Cleaning.PersonalData;
using Landfall.Protocol.Datasets;
using Landfall.Retrieval.Text;

namespace Landfall.Platform.Datasets.Statistics;

/// <summary>
/// Counts rows that pass by. Rows, labels and fields are counted in all rows; languages, lengths, personal data and words in
/// every <paramref name="stride"/>-th one, so that a dataset of any size takes a pass and a bounded memory.
/// </summary>
/// <param name="stride">From 1.</param>
internal sealed class StatisticsCollector(int stride)
{
    private const int MostFields = 200;
    private const int MostLabels = 60;
    private const int MostLanguages = 12;
    private static readonly WordAnalyzer Analyzer = new(maxWords: 1);

    private readonly LabelHistogram _labels = new();
    private readonly Dictionary<string, FieldCounter> _fields = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _languages = new(StringComparer.Ordinal);
    private readonly List<int> _characters = [];
    private readonly List<int> _words = [];
    private readonly List<int> _expected = [];
    private readonly TypicalWords _typical = new();
    private long _rows;
    private long _personal;

    public void Add(Row row)
    {
        _labels.Add(Encoding.UTF8.GetBytes(row.Expected));
        foreach (var (name, value) in row.Fields)
        {
            if (_fields.TryGetValue(name, out var counter) || (_fields.Count < MostFields && _fields.TryAdd(name, counter = new FieldCounter())))
            {
                counter.Add(value);
            }
        }

        if (_rows++ % stride == 0)
        {
            Sample(row);
        }
    }

    public DatasetStatistics Complete(DatasetSummary dataset)
    {
        var counts = _labels.Counts();
        var areLabels = counts.Count > 1 && 2L * counts.Count <= _rows && !_labels.IsPartial;
        return new DatasetStatistics
        {
            Version = dataset.Version,
            Rows = _rows,
            SampledRows = _characters.Count,
            Labels = areLabels ? [.. counts.Take(MostLabels).Select(c => new LabelStatistics(c.Label, c.Rows, _typical.Of(c.Label)))] : [],
            LabelsArePartial = areLabels && counts.Count > MostLabels,
            Balance = areLabels ? Balance(counts) : null,
            TextLengths = [Lengths.Of("characters", _characters), Lengths.Of("words", _words)],
            ExpectedLengths = areLabels ? null : Lengths.Of("characters", _expected),
            Languages = [.. _languages.OrderByDescending(l => l.Value).ThenBy(l => l.Key, StringComparer.Ordinal).Take(MostLanguages).Select(l => new ValueCount(l.Key, l.Value))],
            ExactDuplicates = dataset.ExactDuplicates,
            NearDuplicates = dataset.NearDuplicates,
            PersonalDataRows = _personal,
            Fields = [.. _fields.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => f.Value.Complete(f.Key, _rows))],
        };
    }

    private void Sample(Row row)
    {
        var words = new List<string>();
        Analyzer.Analyze(row.Text, token => words.Add(token.ToString()));
        _characters.Add(row.Text.Length);
        _words.Add(words.Count);
        _expected.Add(row.Expected.Length);
        _typical.Add(row.Expected, words);
        _personal += PersonalDataFinder.Find(row.Text).Count > 0 ? 1 : 0;
        CollectionsMarshal.GetValueRefOrAddDefault(_languages, LanguageDetector.Detect(row.Text).Code, out _)++;
    }

    private static double Balance(IReadOnlyList<LabelCount> counts)
    {
        var all = (double)counts.Sum(c => c.Rows);
        return Math.Round(-counts.Sum(c => c.Rows / all * Math.Log(c.Rows / all)) / Math.Log(counts.Count), 4);
    }

    /// <summary>A field's values, up to a number of different ones.</summary>
    private sealed class FieldCounter
    {
        private const int MostValues = 10_000;
        private const int Shown = 8;
        private const int LongestShown = 80;
        private readonly Dictionary<string, long> _values = new(StringComparer.Ordinal);
        private long _rows;
        private bool _hasMore;

        public void Add(string value)
        {
            _rows++;
            if (_values.Count < MostValues || _values.ContainsKey(value))
            {
                CollectionsMarshal.GetValueRefOrAddDefault(_values, value, out _)++;
            }
            else
            {
                _hasMore = true;
            }
        }

        public FieldStatistics Complete(string name, long rows) => new(
            name,
            rows - _rows,
            _values.Count,
            _hasMore,
            [.. _values.OrderByDescending(v => v.Value).ThenBy(v => v.Key, StringComparer.Ordinal).Take(Shown).Select(v => new ValueCount(v.Key.Length <= LongestShown ? v.Key : v.Key[..LongestShown] + "...", v.Value))]);
    }
}

/// <summary>Lengths as quantiles and a histogram of even bars up to the 99th percentile, with one more for the rest.</summary>
internal static class Lengths
{
    public static LengthStatistics Of(string unit, List<int> lengths)
    {
        if (lengths.Count == 0)
        {
            return new LengthStatistics(unit, 0, 0, 0, 0, []);
        }

        var sorted = lengths.Order().ToArray();
        return new LengthStatistics(unit, sorted[0], sorted[(sorted.Length - 1) / 2], sorted[(int)(0.95 * (sorted.Length - 1))], sorted[^1], Bars(sorted));
    }

    private static List<HistogramBar> Bars(int[] sorted)
    {
        const int wanted = 20;

        // Up to the 99th percentile in even steps; one more bar for the rest.
        var top = Math.Max(sorted[(int)(0.99 * (sorted.Length - 1))], sorted[0] + 1);
        var width = Math.Max(1, (int)Math.Ceiling((top - sorted[0] + 1) / (double)wanted));
        var bars = new List<HistogramBar>();
        for (var from = sorted[0]; from <= top; from += width)
        {
            bars.Add(new HistogramBar(from, from + width, sorted.Count(l => l >= from && l < from + width)));
        }

        var beyond = sorted.Count(l => l >= bars[^1].To);
        return beyond == 0 ? bars : [.. bars, new HistogramBar(bars[^1].To, sorted[^1] + 1, beyond)];
    }
}
