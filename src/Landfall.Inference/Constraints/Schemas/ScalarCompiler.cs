using System.Globalization;
using Landfall.Inference.Constraints.Automata;
using Landfall.Inference.Constraints.Patterns;

namespace Landfall.Inference.Constraints.Schemas;

/// <summary>Makes automata of what several schemas together say about strings, numbers, and listed values; the same thing once.</summary>
internal sealed class ScalarCompiler(CompileBudget budget)
{
    private readonly Dictionary<string, ByteAutomaton?> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Pattern, PatternReading Reading), CharacterDfa> _patterns = [];

    public CompileBudget Budget => budget;

    /// <summary>The numbers that fit; null: none.</summary>
    public ByteAutomaton? Number(IReadOnlyList<SchemaKeywords> schemas, bool whole)
    {
        var place = schemas.FirstOrDefault(schema => schema.HasNumberKeywords)?.Pointer ?? "#";
        var bounds = Bounds(schemas, whole);
        var key = string.Create(CultureInfo.InvariantCulture, $"number {whole} {bounds.Minimum} {bounds.ExcludesMinimum} {bounds.Maximum} {bounds.ExcludesMaximum} {string.Join(' ', bounds.Steps)}");
        return Find(key, () =>
        {
            var automaton = NumberAutomaton.Build(bounds, place);

            // Each entry takes a step of decimal digits, where a pattern's takes a look into a table.
            budget.Spend(2L * automaton.Entries, place);
            return automaton.Empty ? null : automaton;
        });
    }

    /// <summary>What the schemas together say about numbers.</summary>
    public static NumberBounds Bounds(IReadOnlyList<SchemaKeywords> schemas, bool whole)
    {
        var (low, high) = (default(SchemaKeywords), default(SchemaKeywords));
        foreach (var schema in schemas)
        {
            low = schema.Minimum is { } minimum && (low is null || minimum > low.Minimum || (minimum == low.Minimum && schema.ExcludesMinimum)) ? schema : low;
            high = schema.Maximum is { } maximum && (high is null || maximum < high.Maximum || (maximum == high.Maximum && schema.ExcludesMaximum)) ? schema : high;
        }

        var steps = schemas.Select(schema => schema.MultipleOf).OfType<decimal>().Distinct().ToList();
        return new NumberBounds(whole, low?.Minimum, low?.ExcludesMinimum ?? false, high?.Maximum, high?.ExcludesMaximum ?? false, steps);
    }

    /// <summary>The strings that fit; null: none.</summary>
    /// <param name="schemas">What they must fit.</param>
    /// <param name="widest">Whether those are to be among them that only some engines take to match; formats are then left out.</param>
    public ByteAutomaton? String(IReadOnlyList<SchemaKeywords> schemas, bool widest)
    {
        var min = schemas.Select(schema => schema.MinLength).Append(0).Max();
        var max = schemas.Min(schema => schema.MaxLength);
        if (min > max)
        {
            return null;
        }

        var parts = Patterns(schemas, widest).ToList();
        if (parts.Count == 0)
        {
            return min == 0 && max is null ? JsonStringAutomaton.Any : new JsonStringAutomaton(min, max);
        }

        var key = string.Create(CultureInfo.InvariantCulture, $"string {min} {max} {string.Concat(parts.Select(part => $"\n{part.Reading} {part.Pattern.Length} {part.Pattern}"))}");
        return Find(key, () => Build(parts, min, max));
    }

    /// <summary>What a pattern finds, as a whole text.</summary>
    public CharacterDfa Found(string pattern, string place) => Read(pattern, PatternReading.Search, place);

    private TextAutomaton? Build(List<(string Pattern, PatternReading Reading, string Place)> parts, int min, int? max)
    {
        var place = parts[0].Place;
        var automata = parts.Select(part => Read(part.Pattern, part.Reading, part.Place));
        if (min > 0 || max is not null)
        {
            automata = automata.Append(Spend(CharacterDfa.OfLength(min, max, place), place));
        }

        var all = automata.Aggregate((left, right) => Spend(left.With(right, accepted: true, place), place));
        return all.Empty ? null : new TextAutomaton(all, json: true);
    }

    private CharacterDfa Read(string pattern, PatternReading reading, string place)
    {
        if (!_patterns.TryGetValue((pattern, reading), out var known))
        {
            known = Spend(CharacterDfa.Of(PatternParser.Parse(pattern, place, reading), place), place);
            _patterns.Add((pattern, reading), known);
        }

        return known;
    }

    private CharacterDfa Spend(CharacterDfa made, string place)
    {
        budget.Spend(made.Work, place);
        return made;
    }

    private ByteAutomaton? Find(string key, Func<ByteAutomaton?> make)
    {
        if (!_known.TryGetValue(key, out var known))
        {
            known = make();
            _known.Add(key, known);
        }

        return known;
    }

    private static IEnumerable<(string Pattern, PatternReading Reading, string Place)> Patterns(IReadOnlyList<SchemaKeywords> schemas, bool widest)
    {
        foreach (var group in schemas.Where(schema => schema.Pattern is not null).DistinctBy(schema => schema.Pattern, StringComparer.Ordinal))
        {
            yield return (group.Pattern!, widest ? PatternReading.WidestSearch : PatternReading.Search, $"{group.Pointer}/pattern");
        }

        foreach (var group in schemas.Where(schema => schema.Format is not null && !widest).DistinctBy(schema => schema.Format, StringComparer.Ordinal))
        {
            var place = $"{group.Pointer}/format";
            if (!StringFormats.Patterns.TryGetValue(group.Format!, out var pattern))
            {
                throw new ConstraintException(place, $"the format '{group.Format}' is not supported; use one of {string.Join(", ", StringFormats.Patterns.Keys)}, or a pattern.");
            }

            yield return (pattern, PatternReading.Whole, place);
        }
    }
}
