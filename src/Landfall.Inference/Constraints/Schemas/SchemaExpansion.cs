using System.Text.Json;

namespace Landfall.Inference.Constraints.Schemas;

/// <summary>Follows references, allOf, anyOf and oneOf, until what is left is alternatives of schemas that all hold at once.</summary>
internal sealed class SchemaExpansion(JsonElement document, ScalarCompiler scalars, CompileBudget budget)
{
    private const int MaxAlternatives = 300;
    private const int MaxNesting = 100;
    private readonly Dictionary<string, SchemaKeywords> _read = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<List<SchemaKeywords>>> _expanded = new(StringComparer.Ordinal);
    private SchemaExpansion? _trials;
    private bool _trial;

    public ScalarCompiler Scalars => scalars;

    public CompileBudget Budget => budget;

    /// <summary>The alternatives; none where nothing can fit.</summary>
    public List<List<SchemaKeywords>> Expand(IEnumerable<SchemaLocation> schemas)
    {
        List<List<SchemaKeywords>> result = [[]];
        foreach (var schema in schemas)
        {
            result = Cross(result, Expand(schema), schema.Pointer);
        }

        return result;
    }

    /// <summary>For a look at schemas within others: oneOf counts as anyOf, so that the look comes to an end.</summary>
    public SchemaExpansion Trial() => _trials ??= new SchemaExpansion(document, scalars, budget) { _trial = true };

    // What a place expands to depends on the document alone, so that each is expanded once.
    private List<List<SchemaKeywords>> Expand(SchemaLocation schema)
    {
        if (_expanded.TryGetValue(schema.Pointer, out var known))
        {
            return known;
        }

        if (!_open.Add(schema.Pointer))
        {
            throw new ConstraintException(schema.Pointer, "endless recursion: the schema refers to itself with no array or object in between.");
        }

        if (_open.Count > MaxNesting)
        {
            throw new ConstraintException(schema.Pointer, $"more than {MaxNesting} schemas refer to each other in a row; simplify them.");
        }

        var keywords = Read(schema);
        List<List<SchemaKeywords>> result = keywords.Never ? [] : [[keywords]];
        if (keywords.Reference is { } reference)
        {
            result = Cross(result, Expand(SchemaLocation.Resolve(document, reference, $"{schema.Pointer}/$ref")), schema.Pointer);
        }

        foreach (var part in keywords.AllOf)
        {
            result = Cross(result, Expand(part), schema.Pointer);
        }

        if (keywords.AnyOf is { } any)
        {
            result = Cross(result, [.. any.SelectMany(Expand)], schema.Pointer);
        }

        if (keywords.OneOf is { } one)
        {
            result = ExpandOne(result, one, schema.Pointer);
        }

        _open.Remove(schema.Pointer);
        _expanded.Add(schema.Pointer, result);
        return result;
    }

    private List<List<SchemaKeywords>> ExpandOne(List<List<SchemaKeywords>> outer, IReadOnlyList<SchemaLocation> branches, string place)
    {
        var expanded = branches.Select(branch => Cross(outer, Expand(branch), place)).ToList();
        if (expanded.Sum(branch => branch.Count) > MaxAlternatives)
        {
            throw new ConstraintException(place, $"oneOf makes more than {MaxAlternatives} alternatives; simplify it.");
        }

        var conjunctions = _trial ? [] : expanded.Select(branch => branch.ConvertAll(alternative => new Conjunction(alternative, scalars))).ToList();
        for (var left = 0; left < conjunctions.Count; left++)
        {
            for (var right = left + 1; right < conjunctions.Count; right++)
            {
                if (!new Disjointness(this).Of(conjunctions[left], conjunctions[right]))
                {
                    throw new ConstraintException($"{place}/oneOf", $"branches {left} and {right} may both fit the same value; use anyOf, or tell them apart by type or by a required property of a constant value.");
                }
            }
        }

        return [.. expanded.SelectMany(branch => branch)];
    }

    private SchemaKeywords Read(SchemaLocation schema)
    {
        if (!_read.TryGetValue(schema.Pointer, out var keywords))
        {
            keywords = SchemaReader.Read(schema);
            _read.Add(schema.Pointer, keywords);
        }

        return keywords;
    }

    private List<List<SchemaKeywords>> Cross(List<List<SchemaKeywords>> left, List<List<SchemaKeywords>> right, string place)
    {
        if ((long)left.Count * right.Count > MaxAlternatives)
        {
            throw new ConstraintException(place, $"anyOf, oneOf and allOf together make more than {MaxAlternatives} alternatives; simplify them.");
        }

        budget.Spend(left.Sum(first => right.Sum(second => 1L + first.Count + second.Count)), place);
        return [.. left.SelectMany(first => right.Select(second => first.Union(second).ToList()))];
    }
}
