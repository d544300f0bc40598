using System.Text.Json;
using Landfall.Platform.Datasets;

namespace Landfall.Platform.Briefs;

/// <summary>What a draft must know of a data file, gathered in one pass with eight bytes per row.</summary>
internal sealed class DraftProfile
{
    private const int MostLabels = 2_000;
    private const int LongestLabel = 100;

    /// <summary>Labels that people give to messages outside an app's task, lower case, without separators.</summary>
    private static readonly HashSet<string> s_outOfScopeNames = new(StringComparer.Ordinal)
    {
        "oos", "outofscope", "outofdomain", "ood", "other", "others", "none", "unknown", "nointent", "fallback", "irrelevant", "超出范围", "其他", "其它",
    };

    private readonly Dictionary<string, List<ulong>> _byAnswer = new(StringComparer.Ordinal);
    private readonly List<ulong> _texts = [];
    private readonly HashSet<ulong> _groups = [];
    private readonly DraftLanguages _languages = new();
    private bool _answersAreLong;
    private long _jsonRows;

    public long Rows => _texts.Count;

    /// <summary>Few distinct short answers relative to the rows.</summary>
    public bool IsLabel => !_answersAreLong && _byAnswer.Count * 3L <= Rows && !IsJson;

    /// <summary>Every answer is a JSON object or list.</summary>
    public bool IsJson => Rows > 0 && _jsonRows == Rows;

    public OutputKind Output => IsJson ? OutputKind.Json : IsLabel ? OutputKind.Label : OutputKind.Text;

    public int Labels => _byAnswer.Count;

    /// <summary>The label that stands for "not the app's task", if one is known by its name.</summary>
    public string? OutOfScopeLabel => IsLabel
        ? _byAnswer.Keys.Where(l => s_outOfScopeNames.Contains(Bare(l))).OrderByDescending(l => _byAnswer[l].Count).ThenBy(l => l, StringComparer.Ordinal).FirstOrDefault()
        : null;

    /// <summary>Rows with messages before the text.</summary>
    public long Conversations { get; private set; }

    /// <summary>Rows with an answer that was liked less.</summary>
    public long Pairs { get; private set; }

    /// <summary>Whether rows are split by groups instead of texts.</summary>
    public bool IsGrouped => _groups.Count > 0;

    public IReadOnlyList<(string Language, double Share)> Languages => _languages.Found();

    /// <param name="row">The row.</param>
    /// <param name="text">The fingerprint of its text.</param>
    /// <param name="group">That of its group, where rows are split by groups.</param>
    public void Add(Row row, ulong text, ulong? group = null)
    {
        _texts.Add(text);
        _languages.Add(row.Text);
        Conversations += row.Fields.ContainsKey(ReservedFields.History) ? 1 : 0;
        Pairs += row.Fields.ContainsKey(ReservedFields.Rejected) ? 1 : 0;
        if (group is { } value)
        {
            _groups.Add(value);
        }

        _jsonRows += _jsonRows == _texts.Count - 1 && IsJsonValue(row.Expected) ? 1 : 0;
        _answersAreLong |= row.Expected.Length > LongestLabel || row.Expected.Contains('\n', StringComparison.Ordinal);
        if (_answersAreLong)
        {
            _byAnswer.Clear();
            return;
        }

        if (!_byAnswer.TryGetValue(row.Expected, out var texts))
        {
            _byAnswer[row.Expected] = texts = [];
            _answersAreLong = _byAnswer.Count > MostLabels;
        }

        texts.Add(text);
    }

    /// <summary>
    /// For each class the greatest fingerprint that goes to test, so that every class gives its share. Copies of one text
    /// have one fingerprint and so go to one side. Without classes, one threshold under the empty name.
    /// </summary>
    public IReadOnlyDictionary<string, ulong> Thresholds(double share) => IsLabel && !IsGrouped
        ? _byAnswer.ToDictionary(a => a.Key, a => Threshold(a.Value, share), StringComparer.Ordinal)
        : new Dictionary<string, ulong>(StringComparer.Ordinal) { [""] = Threshold(IsGrouped ? [.. _groups] : _texts, share) };

    /// <summary>Below every fingerprint where nothing can be spared.</summary>
    private static ulong Threshold(List<ulong> texts, double share)
    {
        var distinct = texts.Where(t => t > 0).Distinct().Order().ToArray();
        var test = Math.Min(distinct.Length - 1, Math.Max(1, (int)Math.Round(distinct.Length * share)));
        return test <= 0 ? 0 : distinct[test - 1];
    }

    private static bool IsJsonValue(string text)
    {
        if (text.AsSpan().TrimStart() is not ['{' or '[', ..])
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Bare(string label) => string.Concat(label.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
