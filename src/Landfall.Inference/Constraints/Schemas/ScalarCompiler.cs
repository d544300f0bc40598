using Landfall.Inference.Constraints.Automata;
using Landfall.Inference.Constraints.Patterns;

namespace Landfall.Inference.Constraints.Schemas;

/// <summary>Makes automata of what several schemas together say about strings, numbers, and listed values.</summary>
internal static class ScalarCompiler
{
    /// <summary>The numbers that fit; null: none.</summary>
    public static ByteAutomaton? Number(IReadOnlyList<SchemaKeywords> schemas, bool whole)
    {
        var (low, high) = (default(SchemaKeywords), default(SchemaKeywords));
        foreach (var schema in schemas)
        {
            low = schema.Minimum is { } minimum && (low is null || minimum > low.Minimum || (minimum == low.Minimum && schema.ExcludesMinimum)) ? schema : low;
            high = schema.Maximum is { } maximum && (high is null || maximum < high.Maximum || (maximum == high.Maximum && schema.ExcludesMaximum)) ? schema : high;
        }

        var place = schemas.FirstOrDefault(schema => schema.HasNumberKeywords)?.Pointer ?? "#";
        var steps = schemas.Select(schema => schema.MultipleOf).OfType<decimal>().Distinct().ToList();
        var bounds = new NumberBounds(whole, low?.Minimum, low?.ExcludesMinimum ?? false, high?.Maximum, high?.ExcludesMaximum ?? false, steps);
        return NumberAutomaton.Build(bounds, place) is { Empty: false } automaton ? automaton : null;
    }

    /// <summary>The strings that fit; null: none.</summary>
    public static ByteAutomaton? String(IReadOnlyList<SchemaKeywords> schemas)
    {
        var min = schemas.Select(schema => schema.MinLength).Append(0).Max();
        var max = schemas.Min(schema => schema.MaxLength);
        if (min > max)
        {
            return null;
        }

        var parts = Patterns(schemas).ToList();
        if (parts.Count == 0)
        {
            return min == 0 && max is null ? JsonStringAutomaton.Any : new JsonStringAutomaton(min, max);
        }

        var place = parts[0].Place;
        var automata = parts.Select(part => CharacterDfa.Of(part.Pattern, part.Place));
        if (min > 0 || max is not null)
        {
            automata = automata.Append(CharacterDfa.OfLength(min, max, place));
        }

        var all = automata.Aggregate((left, right) => left.With(right, accepted: true, place));
        return all.Empty ? null : new TextAutomaton(all, json: true);
    }

    /// <summary>What a pattern finds, as a whole text.</summary>
    public static CharacterDfa Found(string pattern, string place) => CharacterDfa.Of(PatternParser.Parse(pattern, place, search: true), place);

    private static IEnumerable<(PatternNode Pattern, string Place)> Patterns(IReadOnlyList<SchemaKeywords> schemas)
    {
        foreach (var group in schemas.Where(schema => schema.Pattern is not null).DistinctBy(schema => schema.Pattern, StringComparer.Ordinal))
        {
            var place = $"{group.Pointer}/pattern";
            yield return (PatternParser.Parse(group.Pattern!, place, search: true), place);
        }

        foreach (var group in schemas.Where(schema => schema.Format is not null).DistinctBy(schema => schema.Format, StringComparer.Ordinal))
        {
            var place = $"{group.Pointer}/format";
            if (!StringFormats.Patterns.TryGetValue(group.Format!, out var pattern))
            {
                throw new ConstraintException(place, $"the format '{group.Format}' is not supported; use one of {string.Join(", ", StringFormats.Patterns.Keys)}, or a pattern.");
            }

            yield return (PatternParser.Parse(pattern, place, search: false), place);
        }
    }
}
