using System.Text;
using System.Text.Json;
using Landfall.Inference.Constraints.Automata;

namespace Landfall.Inference.Constraints.Schemas;

/// <summary>Schemas that all hold at once, as far as types and listed values go.</summary>
internal sealed class Conjunction
{
    private readonly ScalarCompiler _scalars;

    public Conjunction(IReadOnlyList<SchemaKeywords> schemas, ScalarCompiler scalars)
    {
        _scalars = scalars;
        Schemas = schemas;
        Types = schemas.Aggregate(JsonTypes.All, (types, schema) => types & schema.Types);
        var lists = schemas.SelectMany(schema => (schema.Enum ?? []).Select(list => (list, schema.Pointer))).ToList();
        Values = lists.Count == 0 ? null : FindValues(lists);
    }

    public IReadOnlyList<SchemaKeywords> Schemas { get; }

    /// <summary>The types that all allow.</summary>
    public JsonTypes Types { get; }

    /// <summary>Where all values are listed: those that fit, as they are written; otherwise null.</summary>
    public IReadOnlyList<byte[]>? Values { get; }

    /// <summary>Where the schemas stand, for messages.</summary>
    public string Place => Schemas.Count == 0 ? "#" : Schemas[^1].Pointer;

    /// <summary>The strings or numbers that fit, listed or not; null: none.</summary>
    public ByteAutomaton? Scalars(JsonTypes type)
    {
        if (Values is not null)
        {
            var listed = Values.Where(value => (TypeOf(value) & type) != JsonTypes.None).ToList();
            return listed.Count == 0 ? null : new TrieAutomaton(listed);
        }

        return (Types & type) == JsonTypes.None ? null : type == JsonTypes.String ? _scalars.String(Schemas, widest: false) : _scalars.Number(Schemas, whole: (Types & JsonTypes.Fraction) == JsonTypes.None);
    }

    /// <summary>Whether no number fits both, by their bounds and values; what their steps exclude is not looked at.</summary>
    public bool ExcludesNumbersOf(Conjunction other)
    {
        if (Values is null && other.Values is null)
        {
            return ScalarCompiler.Bounds([.. Schemas, .. other.Schemas], whole: false).IsEmpty;
        }

        var (listed, open) = Values is null ? (other, this) : (this, other);
        var bounds = ScalarCompiler.Bounds(open.Schemas, whole: false);
        return !listed.Values!.Any(value => (TypeOf(value) & JsonTypes.Number & open.Types) != JsonTypes.None && bounds.Hold(JsonText.ReadNumber(value)));
    }

    /// <summary>The strings that may fit, whichever engine reads the patterns; formats are not looked at. Null: none.</summary>
    public ByteAutomaton? WidestStrings() => Values is null ? _scalars.String(Schemas, widest: true) : Scalars(JsonTypes.String);

    /// <summary>The type of a value as it is written.</summary>
    public static JsonTypes TypeOf(byte[] value) => value[0] switch
    {
        (byte)'"' => JsonTypes.String,
        (byte)'{' => JsonTypes.Object,
        (byte)'[' => JsonTypes.Array,
        (byte)'t' or (byte)'f' => JsonTypes.Boolean,
        (byte)'n' => JsonTypes.Null,
        _ => value.AsSpan().ContainsAny((byte)'.', (byte)'e', (byte)'E') ? JsonTypes.Fraction : JsonTypes.Integer,
    };

    private List<byte[]> FindValues(List<(IReadOnlyList<JsonElement> Values, string Pointer)> lists)
    {
        _scalars.Budget.Spend(lists.Sum(list => list.Values.Sum(value => 4L + value.GetRawText().Length)), lists[0].Pointer);
        var common = lists[0].Values.Select(value => JsonText.Write(value, lists[0].Pointer)).ToList();
        foreach (var list in lists.Skip(1))
        {
            var others = list.Values.Select(value => Encoding.UTF8.GetString(JsonText.Write(value, list.Pointer))).ToHashSet(StringComparer.Ordinal);
            common = [.. common.Where(value => others.Contains(Encoding.UTF8.GetString(value)))];
        }

        var strings = new Lazy<ByteAutomaton?>(() => _scalars.String(Schemas, widest: false));
        return [.. common.Where(value => (TypeOf(value) & Types) != JsonTypes.None && Fits(value, strings))];
    }

    private bool Fits(byte[] value, Lazy<ByteAutomaton?> strings)
    {
        switch (TypeOf(value))
        {
            case JsonTypes.String:
                return strings.Value?.Matches(value) ?? false;
            case JsonTypes.Integer or JsonTypes.Fraction:
                return ScalarCompiler.Bounds(Schemas, whole: false).Hold(JsonText.ReadNumber(value));
            case JsonTypes.Object when Schemas.Any(schema => schema.HasObjectKeywords):
                throw new ConstraintException(Place, "enum or const of objects beside keywords for objects is not supported; leave the keywords out.");
            case JsonTypes.Array when Schemas.Any(schema => schema.HasArrayKeywords):
                throw new ConstraintException(Place, "enum or const of arrays beside keywords for arrays is not supported; leave the keywords out.");
            default:
                return true;
        }
    }
}
