using System.Globalization;

namespace Landfall.Platform.Search;

/// <summary>The settings that a search tries, each with its values.</summary>
public sealed record SearchSpace(IReadOnlyList<SearchSetting> Settings)
{
    /// <summary>More combinations than this are as good as endless.</summary>
    public const int MostCounted = 10_000;

    /// <summary>How many combinations of values there are; null: endless, or more than <see cref="MostCounted"/>.</summary>
    public int? Combinations
    {
        get
        {
            var count = 1L;
            foreach (var setting in Settings)
            {
                count *= setting.Count ?? MostCounted + 1L;
                if (count > MostCounted)
                {
                    return null;
                }
            }

            return (int)count;
        }
    }

    /// <summary>The same space without a setting.</summary>
    public SearchSpace Without(string name) => new([.. Settings.Where(setting => setting.Name != name)]);

    /// <summary>All combinations of a space that has few of them.</summary>
    public IEnumerable<IReadOnlyDictionary<string, string>> All()
    {
        IEnumerable<IReadOnlyDictionary<string, string>> all = [new SortedDictionary<string, string>(StringComparer.Ordinal)];
        return Settings.Aggregate(all, (found, setting) => found.SelectMany(
            _ => Enumerable.Range(0, setting.Count!.Value),
            (settings, i) => new SortedDictionary<string, string>(settings.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal) { [setting.Name] = setting.TextAt((i + 0.5) / setting.Count!.Value) }));
    }

    /// <summary>Settings as one text, equal where they are equal.</summary>
    public static string Identity(IReadOnlyDictionary<string, string> settings) =>
        string.Join('\n', settings.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}={s.Value}"));
}

/// <summary>A setting with the values to try. Methods see its values as numbers from 0 to 1.</summary>
/// <param name="Name">The setting's name in a brief.</param>
public abstract record SearchSetting(string Name)
{
    /// <summary>How many values there are; null: endless.</summary>
    public abstract int? Count { get; }

    /// <summary>The value that stands at a place from 0 to 1, as it is written in a brief.</summary>
    public abstract string TextAt(double place);

    /// <summary>The places that stand for a value: a stretch, or of a number that is not whole the same place twice.</summary>
    public abstract (double Low, double High) PlacesOf(string value);

    /// <summary>The middle of <see cref="PlacesOf"/>.</summary>
    public double PlaceOf(string value)
    {
        var (low, high) = PlacesOf(value);
        return (low + high) / 2;
    }
}

/// <summary>A number between two ends, both included.</summary>
/// <param name="Name">The setting's name.</param>
/// <param name="From">The least value.</param>
/// <param name="To">The greatest.</param>
/// <param name="IsLog">Whether equal factors are equally far apart, rather than equal differences.</param>
/// <param name="IsWhole">Whether only whole numbers are tried.</param>
public sealed record NumberSetting(string Name, double From, double To, bool IsLog = false, bool IsWhole = false) : SearchSetting(Name)
{
    /// <summary>Ends beyond this, or below its inverse on a log scale, are refused.</summary>
    public const double Largest = 1e9;

    /// <inheritdoc />
    public override int? Count => IsWhole && To - From < int.MaxValue ? (int)(To - From) + 1 : null;

    /// <inheritdoc />
    public override string TextAt(double place)
    {
        if (IsWhole)
        {
            var whole = IsLog ? Unscale(Low + (place * (High - Low))) : From + Math.Floor(place * (To - From + 1));
            return Write(Math.Clamp(Math.Round(whole), From, To));
        }

        // Four digits: nobody wants to read more, and what is pasted into a brief is what was tried.
        var value = Unscale(Low + (place * (High - Low)));
        return Write(Math.Clamp(double.Parse(value.ToString("E3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture), From, To));
    }

    /// <inheritdoc />
    public override (double Low, double High) PlacesOf(string value)
    {
        var number = double.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture);
        return IsWhole ? (Place(Scale(number - 0.5)), Place(Scale(number + 0.5))) : (Place(Scale(number)), Place(Scale(number)));
    }

    private double Low => Scale(IsWhole ? From - 0.5 : From);

    private double High => Scale(IsWhole ? To + 0.5 : To);

    internal static string Write(double value) => value.ToString("0.###############", CultureInfo.InvariantCulture);

    private double Scale(double value) => IsLog ? Math.Log(value) : value;

    private double Unscale(double value) => IsLog ? Math.Exp(value) : value;

    private double Place(double scaled) => Math.Clamp((scaled - Low) / (High - Low), 0, 1);
}

/// <summary>One of a few values, in no order. A single value is fixed.</summary>
/// <param name="Name">The setting's name.</param>
/// <param name="Values">The values.</param>
public sealed record ChoiceSetting(string Name, IReadOnlyList<string> Values) : SearchSetting(Name)
{
    /// <inheritdoc />
    public override int? Count => Values.Count;

    /// <inheritdoc />
    public override string TextAt(double place) => Values[Math.Clamp((int)(place * Values.Count), 0, Values.Count - 1)];

    /// <inheritdoc />
    public override (double Low, double High) PlacesOf(string value)
    {
        var index = (double)IndexOf(value);
        return (index / Values.Count, (index + 1) / Values.Count);
    }

    /// <summary>The value's position in the list.</summary>
    public int IndexOf(string value)
    {
        for (var i = 0; i < Values.Count; i++)
        {
            if (string.Equals(Values[i], value, StringComparison.Ordinal))
            {
                return i;
            }
        }

        throw new ArgumentException($"'{Name}' has no value '{value}'.", nameof(value));
    }
}
