using System.Text.Json;
using Landfall.Inference.Constraints.Automata;
using Landfall.Inference.Constraints.Grammars;
using Landfall.Inference.Constraints.Patterns;

namespace Landfall.Inference.Constraints.Schemas;

/// <summary>
/// Makes elements of what schemas together say about objects. Where <c>properties</c> are stated and
/// <c>additionalProperties</c> is not, no others are written.
/// </summary>
internal sealed class ObjectCompiler(SchemaCompiler compiler, JsonPunctuation punctuation, ScalarCompiler scalars, CompileBudget budget)
{
    private const int MaxProperties = 2_000;
    private const int MaxNameBytes = 64 << 10;

    public Element Build(Conjunction conjunction)
    {
        var schemas = conjunction.Schemas;
        var required = schemas.SelectMany(schema => schema.Required).ToHashSet(StringComparer.Ordinal);
        var names = schemas.SelectMany(schema => schema.Properties.Select(property => property.Key)).Union(required, StringComparer.Ordinal).ToList();
        CheckSize(names, conjunction.Place);
        var min = schemas.Select(schema => schema.MinProperties).Append(0).Max();
        var max = schemas.Min(schema => schema.MaxProperties);
        if (min > max || required.Count > max)
        {
            return compiler.Nothing(conjunction.Place, $"no object has at least {Math.Max(min, required.Count)} and at most {max} properties.");
        }

        var patterns = ReadPatterns(schemas);
        var readers = patterns.Where(pattern => !pattern.Value.Empty).ToDictionary(pattern => pattern.Key, pattern => new TextAutomaton(pattern.Value, json: true), StringComparer.Ordinal);
        budget.Spend((long)names.Count * schemas.Sum(schema => schema.Properties.Count) / 16, conjunction.Place);
        var properties = names.Select(name => new ObjectProperty(JsonText.Write(name), compiler.Value(SchemasOf(name, schemas, readers)), required.Contains(name)));
        var further = BuildFurther(schemas, patterns, wanted: min > names.Count);
        if (min > names.Count + (further is { EndlessNames: true } ? ObjectElement.MaxFurther : 0))
        {
            return compiler.Nothing(conjunction.Place, $"an object has at least {min} properties, but {names.Count} are stated and the names of others are too few or none; at most {ObjectElement.MaxFurther} others are written.");
        }

        var keys = KeySet.Of(names.Select(name => JsonText.Write(name)[1..]));
        return compiler.Add(new ObjectElement(punctuation, [.. properties], further, keys, min, max));
    }

    private void CheckSize(List<string> names, string place)
    {
        var bytes = names.Sum(name => (long)name.Length);
        budget.Spend(bytes + (16L * names.Count), place);
        if (names.Count > MaxProperties || bytes > MaxNameBytes)
        {
            throw new ConstraintException(place, $"an object's properties are at most {MaxProperties}, with names of {MaxNameBytes} characters together, not {names.Count} with {bytes}. Group them in objects of their own.");
        }
    }

    private Dictionary<string, CharacterDfa> ReadPatterns(IReadOnlyList<SchemaKeywords> schemas)
    {
        var patterns = new Dictionary<string, CharacterDfa>(StringComparer.Ordinal);
        foreach (var schema in schemas)
        {
            foreach (var (pattern, _) in schema.PatternProperties)
            {
                if (!patterns.ContainsKey(pattern))
                {
                    patterns.Add(pattern, scalars.Found(pattern, $"{schema.Pointer}/patternProperties"));
                }
            }
        }

        return patterns;
    }

    private static List<SchemaLocation> SchemasOf(string name, IReadOnlyList<SchemaKeywords> schemas, Dictionary<string, TextAutomaton> patterns)
    {
        var found = new List<SchemaLocation>();
        var matching = patterns.Where(pattern => pattern.Value.Matches(JsonText.Write(name)))
            .Select(pattern => pattern.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var schema in schemas)
        {
            List<SchemaLocation> own =
            [
                .. schema.Properties.Where(property => property.Key == name).Select(property => property.Value),
                .. schema.PatternProperties.Where(property => matching.Contains(property.Key)).Select(property => property.Value),
            ];
            found.AddRange(own.Count == 0 && schema.AdditionalProperties is { } additional ? [additional] : own);
        }

        return found;
    }

    private FurtherProperties? BuildFurther(IReadOnlyList<SchemaKeywords> schemas, Dictionary<string, CharacterDfa> patterns, bool wanted)
    {
        if (patterns.Count > 1)
        {
            var place = schemas.First(schema => schema.PatternProperties.Count > 0).Pointer;
            throw new ConstraintException($"{place}/patternProperties", "more than one pattern is not supported; join them by '|', or state the properties by name.");
        }

        var stated = schemas.Any(schema => schema.AdditionalProperties is not null) || schemas.All(schema => schema.Properties.Count == 0);
        if (patterns.Count == 0 && !stated && !wanted)
        {
            return null;
        }

        var (pattern, names) = patterns.SingleOrDefault();
        var values = schemas.SelectMany(schema =>
            pattern is not null && schema.PatternProperties.Count > 0 ? schema.PatternProperties.Select(property => property.Value)
            : schema.AdditionalProperties is { } additional ? [additional]
            : (IEnumerable<SchemaLocation>)[]).ToList();
        if (values.Any(value => value.Element.ValueKind == JsonValueKind.False) || names is { Empty: true })
        {
            return null;
        }

        var dfa = names ?? CharacterDfa.OfLength(0, null, "#");
        return new FurtherProperties(new TextAutomaton(dfa, json: true), compiler.Value(values), dfa.IsEndless());
    }
}
