using System.Text;
using Landfall.Inference.Constraints.Grammars;

namespace Landfall.Inference.Constraints.Schemas;

/// <summary>Makes elements of what schemas together say about arrays.</summary>
internal sealed class ArrayCompiler(SchemaCompiler compiler, JsonPunctuation punctuation, SchemaExpansion expansion)
{
    public Element Build(Conjunction conjunction)
    {
        var schemas = conjunction.Schemas;
        var min = schemas.Select(schema => schema.MinItems).Append(0).Max();
        var max = schemas.Min(schema => schema.MaxItems);
        if (min > max)
        {
            return compiler.Nothing(conjunction.Place, $"no array has at least {min} and at most {max} items.");
        }

        if (schemas.Any(schema => schema.UniqueItems) && max is null or > 1)
        {
            return BuildUnique(conjunction, min, max);
        }

        var first = Enumerable.Range(0, schemas.Select(schema => schema.PrefixItems.Count).Append(0).Max())
            .Select(index => compiler.Value([.. schemas.Select(schema => index < schema.PrefixItems.Count ? schema.PrefixItems[index] : schema.Items).OfType<SchemaLocation>()]));
        return compiler.Add(new ArrayElement(punctuation, [.. first], compiler.Value(Rest(conjunction)), min, max));
    }

    private static List<SchemaLocation> Rest(Conjunction conjunction) => [.. conjunction.Schemas.Select(schema => schema.Items).OfType<SchemaLocation>()];

    private Element BuildUnique(Conjunction conjunction, int min, int? max)
    {
        var place = conjunction.Schemas.First(schema => schema.UniqueItems).Pointer + "/uniqueItems";
        if (conjunction.Schemas.Any(schema => schema.PrefixItems.Count > 0) || FindValues(Rest(conjunction)) is not { Count: <= UniqueArrayElement.MaxValues } values)
        {
            throw new ConstraintException(place, $"uniqueItems is supported for items of a list of at most {UniqueArrayElement.MaxValues} values (enum, const, boolean, null); leave it out otherwise.");
        }

        return min > values.Count
            ? compiler.Nothing(place, $"there are no {min} different items: the items' schema has {values.Count} values.")
            : compiler.Add(new UniqueArrayElement(punctuation, [.. values], min, Math.Min(max ?? values.Count, values.Count)));
    }

    // All values that the schemas allow, where they are listed.
    private List<byte[]>? FindValues(List<SchemaLocation> schemas)
    {
        var values = new List<byte[]>();
        foreach (var alternative in expansion.Expand(schemas))
        {
            var conjunction = new Conjunction(alternative, expansion.Scalars);
            if (conjunction.Values is { } listed)
            {
                values.AddRange(listed);
            }
            else if ((conjunction.Types & ~(JsonTypes.Null | JsonTypes.Boolean)) == JsonTypes.None)
            {
                values.AddRange(conjunction.Types.HasFlag(JsonTypes.Null) ? ["null"u8.ToArray()] : []);
                values.AddRange(conjunction.Types.HasFlag(JsonTypes.Boolean) ? ["true"u8.ToArray(), "false"u8.ToArray()] : []);
            }
            else
            {
                return null;
            }
        }

        return [.. values.DistinctBy(Encoding.UTF8.GetString, StringComparer.Ordinal)];
    }
}
