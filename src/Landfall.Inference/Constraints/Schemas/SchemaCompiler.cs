using System.Text.Json;
using Landfall.Inference.Constraints.Automata;
using Landfall.Inference.Constraints.Grammars;

namespace Landfall.Inference.Constraints.Schemas;

/// <summary>
/// Makes a grammar of a JSON Schema. A rule stands for a set of schemas that all hold for one value, so that recursion closes
/// on itself; bodies are made one after another, not within each other, so that no schema is too deep.
/// </summary>
internal sealed class SchemaCompiler
{
    private const int MaxRules = 5_000;
    private readonly JsonPunctuation _punctuation;
    private readonly CompileBudget _budget = new();
    private readonly ScalarCompiler _scalars;
    private readonly SchemaExpansion _expansion;
    private readonly Dictionary<string, Element.Rule> _rules = new(StringComparer.Ordinal);
    private readonly Queue<(Element.Rule Rule, IReadOnlyList<SchemaLocation> Schemas)> _open = [];
    private readonly List<Element> _elements = [];
    private readonly ArrayCompiler _arrays;
    private readonly ObjectCompiler _objects;

    private SchemaCompiler(JsonElement document, JsonPunctuation punctuation)
    {
        _punctuation = punctuation;
        _scalars = new ScalarCompiler(_budget);
        _expansion = new SchemaExpansion(document, _scalars, _budget);
        _arrays = new ArrayCompiler(this, punctuation, _expansion);
        _objects = new ObjectCompiler(this, punctuation, _scalars, _budget);
    }

    /// <summary>The grammar of a schema's values.</summary>
    /// <exception cref="ConstraintException">The schema is malformed, impossible, or uses what is not supported.</exception>
    public static Element Compile(JsonElement document, JsonPunctuation punctuation)
    {
        CheckNames(document);
        var compiler = new SchemaCompiler(document, punctuation);
        var root = compiler.Value([new SchemaLocation(document, "#")]);
        while (compiler._open.TryDequeue(out var next))
        {
            next.Rule.Body = compiler.Build(next.Schemas, next.Rule.Place);
        }

        compiler.Measure();
        return root.Fits(null) ? root : throw compiler.Explain(root);
    }

    // Names that are no text cannot be read at all, so that they are refused before anything asks for one.
    private static void CheckNames(JsonElement document)
    {
        var open = new Stack<SchemaLocation>([new SchemaLocation(document, "#")]);
        while (open.TryPop(out var place))
        {
            if (place.Element.ValueKind == JsonValueKind.Array)
            {
                foreach (var (index, item) in place.Element.EnumerateArray().Index().Where(item => item.Item.ValueKind is JsonValueKind.Array or JsonValueKind.Object))
                {
                    open.Push(place.Child(index, item));
                }
            }
            else if (place.Element.ValueKind == JsonValueKind.Object)
            {
                foreach (var property in place.Element.EnumerateObject())
                {
                    open.Push(place.Child(JsonText.ReadName(property, place.Pointer), property.Value));
                }
            }
        }
    }

    /// <summary>A value for which all these schemas hold.</summary>
    public Element.Rule Value(IReadOnlyList<SchemaLocation> schemas)
    {
        var distinct = schemas.DistinctBy(schema => schema.Pointer, StringComparer.Ordinal).OrderBy(schema => schema.Pointer, StringComparer.Ordinal).ToList();
        var key = string.Join('\n', distinct.Select(schema => schema.Pointer));
        if (!_rules.TryGetValue(key, out var rule))
        {
            var place = distinct.Count == 0 ? "#" : distinct[^1].Pointer;
            if (_rules.Count >= MaxRules)
            {
                throw new ConstraintException(place, $"the schema has more than {MaxRules} parts; simplify it.");
            }

            rule = Add(new Element.Rule(place));
            _rules.Add(key, rule);
            _open.Enqueue((rule, distinct));
        }

        return rule;
    }

    /// <summary>Takes note of an element, so that its height is found.</summary>
    public T Add<T>(T element)
        where T : Element
    {
        _elements.Add(element);
        return element;
    }

    public Element Nothing(string place, string reason) => Add(new Element.Nothing(place, reason));

    private Element Build(IReadOnlyList<SchemaLocation> schemas, string place)
    {
        var alternatives = _expansion.Expand(schemas);
        var items = alternatives.SelectMany(alternative => Build(new Conjunction(alternative, _scalars))).ToList();
        return items.Count switch
        {
            0 => Nothing(place, "the schema allows no value: it is false, or has no alternative."),
            1 => items[0],
            _ => Add(new Element.Choice([.. items])),
        };
    }

    private IEnumerable<Element> Build(Conjunction schemas)
    {
        if (schemas.Values is { } values)
        {
            yield return values.Count > 0
                ? Add(new Element.Terminal(new TrieAutomaton(values)))
                : Nothing(schemas.Place, "none of the listed values fits the type and the other keywords.");
            yield break;
        }

        if (schemas.Types == JsonTypes.None)
        {
            yield return Nothing(schemas.Place, "no type is left: the schemas that all must hold name different ones.");
        }

        if ((schemas.Types & (JsonTypes.Null | JsonTypes.Boolean)) is var words and not JsonTypes.None)
        {
            string[] texts = [.. words.HasFlag(JsonTypes.Null) ? ["null"] : (string[])[], .. words.HasFlag(JsonTypes.Boolean) ? ["true", "false"] : (string[])[]];
            yield return Add(new Element.Terminal(new TrieAutomaton(texts.Select(System.Text.Encoding.UTF8.GetBytes))));
        }

        if ((schemas.Types & JsonTypes.Number) != JsonTypes.None)
        {
            yield return Scalar(schemas, JsonTypes.Number, "no number fits minimum, maximum and multipleOf.");
        }

        if (schemas.Types.HasFlag(JsonTypes.String))
        {
            yield return Scalar(schemas, JsonTypes.String, "no string fits minLength, maxLength, pattern and format.");
        }

        if (schemas.Types.HasFlag(JsonTypes.Array))
        {
            yield return _arrays.Build(schemas);
        }

        if (schemas.Types.HasFlag(JsonTypes.Object))
        {
            yield return _objects.Build(schemas);
        }
    }

    private Element Scalar(Conjunction schemas, JsonTypes type, string reason) =>
        schemas.Scalars(type) is { } automaton ? Add(new Element.Terminal(automaton)) : Nothing(schemas.Place, reason);

    // Heights fall from pass to pass until they stay; a level of nesting takes a pass at most.
    private void Measure()
    {
        for (var changed = true; changed;)
        {
            changed = false;
            _budget.Spend(_elements.Count, "#");
            for (var index = _elements.Count - 1; index >= 0; index--)
            {
                changed |= _elements[index].Measure();
            }
        }
    }

    // Down through what cannot be done without, to what cannot be done.
    private ConstraintException Explain(Element root)
    {
        if (root.Height != Element.Impossible)
        {
            return new ConstraintException("#", $"its values are nested more than {Element.MaxDepth} levels deep.");
        }

        var (known, open, place) = (new HashSet<Element>(), new Stack<Element>([root]), "#");
        while (open.TryPop(out var element))
        {
            if (element is Element.Nothing nothing)
            {
                return new ConstraintException(nothing.Place, nothing.Reason);
            }

            place = element is Element.Rule rule ? rule.Place : place;
            foreach (var need in element.Needs().Where(need => need.Height == Element.Impossible && known.Add(need)))
            {
                open.Push(need);
            }
        }

        return new ConstraintException(place, "endless recursion: every value holds another one like it. Make a property optional, or allow an empty array.");
    }
}
