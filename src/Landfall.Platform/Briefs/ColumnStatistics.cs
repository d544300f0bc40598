using System.Globalization;

namespace Landfall.Platform.Briefs;

/// <summary>What a column of a data file looks like, from its first rows.</summary>
internal sealed class ColumnStatistics(string name)
{
    private const int MostDistinct = 5_000;

    private readonly Dictionary<string, int> _values = new(StringComparer.Ordinal);
    private long _length;
    private int _numbers;
    private int _dates;

    public string Name => name;

    /// <summary>Rows that have a value.</summary>
    public int Count { get; private set; }

    /// <summary>Different values, up to 5,000 of them.</summary>
    public int Distinct => _values.Count;

    public int Longest { get; private set; }

    public double MeanLength => Count == 0 ? 0 : (double)_length / Count;

    public bool IsNumeric => _numbers >= 0.95 * Count && Count > 0;

    public bool IsDate => _dates >= 0.95 * Count && Count > 0;

    /// <summary>A value of its own in each row, as short as identifiers are.</summary>
    public bool IsIdentifier => Count >= 20 && Distinct >= Math.Min(MostDistinct, Count) && Longest <= 64 && MeanLength <= 40 && (IsNumeric || !HasSpaces);

    private bool HasSpaces { get; set; }

    public void Add(string value)
    {
        Count++;
        _length += value.Length;
        Longest = Math.Max(Longest, value.Length);
        HasSpaces |= value.Contains(' ', StringComparison.Ordinal);
        _numbers += double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? 1 : 0;
        _dates += IsMoment(value) ? 1 : 0;
        if (value.Length <= 256 && (_values.Count < MostDistinct || _values.ContainsKey(value)))
        {
            _values[value] = _values.GetValueOrDefault(value) + 1;
        }
        else if (value.Length > 256 && _values.Count < MostDistinct)
        {
            _values[value[..256]] = 1;
        }
    }

    /// <summary>Whether the values could be labels of so many rows: few different ones, short, and nearly everywhere.</summary>
    public bool CouldBeLabel(int rows) =>
        Distinct >= 2 && Distinct <= Math.Max(2, Math.Min(2_000, rows / 3)) && Longest <= 100 && Count >= 0.9 * rows && !IsDate;

    private static bool IsMoment(string value) =>
        value.Length is >= 8 and <= 35
        && char.IsAsciiDigit(value[0])
        && value.AsSpan().IndexOfAny('-', '/', ':') > 0
        && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);
}
