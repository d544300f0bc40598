using Landfall.Inference.Constraints.Automata;

namespace Landfall.Inference.Constraints.Schemas;

/// <summary>Whether no value can fit two schemas: proven, or held to be untrue.</summary>
internal sealed class Disjointness(SchemaExpansion expansion)
{
    private const int MaxStatePairs = 20_000;
    private const int MaxDepth = 4;

    /// <summary>Whether each alternative of the one is proven to exclude each of the other.</summary>
    public bool Of(List<Conjunction> left, List<Conjunction> right, int depth = 0) => left.All(first => right.All(second => Of(first, second, depth)));

    private bool Of(Conjunction left, Conjunction right, int depth)
    {
        expansion.Budget.Spend(10 + left.Schemas.Count + right.Schemas.Count, left.Place);
        foreach (var type in (JsonTypes[])[JsonTypes.Null, JsonTypes.Boolean, JsonTypes.Number, JsonTypes.String, JsonTypes.Array, JsonTypes.Object])
        {
            if (Has(left, type) && Has(right, type) && !Of(left, right, type, depth))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Has(Conjunction schemas, JsonTypes type) =>
        schemas.Values is { } values ? values.Any(value => (Conjunction.TypeOf(value) & type) != JsonTypes.None) : (schemas.Types & type) != JsonTypes.None;

    private bool Of(Conjunction left, Conjunction right, JsonTypes type, int depth)
    {
        if (left.Values is { } first && right.Values is { } second)
        {
            expansion.Budget.Spend((long)first.Count * second.Count, left.Place);
            return !first.Any(value => second.Any(other => value.AsSpan().SequenceEqual(other)));
        }

        return type switch
        {
            JsonTypes.Number => left.ExcludesNumbersOf(right),
            JsonTypes.String => Of(left.WidestStrings(), right.WidestStrings(), left.Place),
            JsonTypes.Array => Sizes(left).Max < Sizes(right).Min || Sizes(right).Max < Sizes(left).Min,
            JsonTypes.Object => left.Values is null && right.Values is null && depth < MaxDepth
                && (ByProperty(left, right, depth) || Forbids(left, right) || Forbids(right, left)),
            _ => false,
        };
    }

    // No pair of states that both accept can be reached by the same text.
    private bool Of(ByteAutomaton? left, ByteAutomaton? right, string place)
    {
        if (left is null || right is null)
        {
            return true;
        }

        var known = new HashSet<(int, int)> { (left.Start, right.Start) };
        var open = new Stack<(int Left, int Right)>(known);
        while (open.TryPop(out var pair))
        {
            if (known.Count > MaxStatePairs || (left.Accepts(pair.Left) && right.Accepts(pair.Right)))
            {
                return false;
            }

            expansion.Budget.Spend(256, place);
            for (var value = 0; value < 256; value++)
            {
                var (first, second) = (left.Next(pair.Left, (byte)value), right.Next(pair.Right, (byte)value));
                if (first != ByteAutomaton.Dead && second != ByteAutomaton.Dead && known.Add((first, second)))
                {
                    open.Push((first, second));
                }
            }
        }

        return true;
    }

    private static (long Min, long Max) Sizes(Conjunction schemas) =>
        (schemas.Schemas.Max(schema => schema.MinItems), schemas.Schemas.Min(schema => schema.MaxItems) ?? long.MaxValue);

    // A property that one of them requires, and whose values in the two exclude each other.
    private bool ByProperty(Conjunction left, Conjunction right, int depth)
    {
        var required = Required(left).Union(Required(right)).ToList();
        foreach (var name in required)
        {
            expansion.Budget.Spend(left.Schemas.Concat(right.Schemas).Sum(schema => 1L + schema.Properties.Count), left.Place);
            var (first, second) = (Values(left, name), Values(right, name));
            if (first.Count > 0 && second.Count > 0 && Of(Alternatives(first), Alternatives(second), depth + 1))
            {
                return true;
            }
        }

        return false;
    }

    private List<Conjunction> Alternatives(List<SchemaLocation> schemas) =>
        expansion.Trial().Expand(schemas).ConvertAll(alternative => new Conjunction(alternative, expansion.Scalars));

    // A property that one requires and the other does not know, where it knows all.
    private static bool Forbids(Conjunction left, Conjunction right) => Required(left).Any(name => right.Schemas.Any(schema =>
        schema is { AdditionalProperties.Element.ValueKind: System.Text.Json.JsonValueKind.False, PatternProperties.Count: 0 }
        && schema.Properties.All(property => property.Key != name)));

    private static IEnumerable<string> Required(Conjunction schemas) => schemas.Schemas.SelectMany(schema => schema.Required);

    private static List<SchemaLocation> Values(Conjunction schemas, string name) =>
        [.. schemas.Schemas.SelectMany(schema => schema.Properties).Where(property => property.Key == name).Select(property => property.Value)];
}
