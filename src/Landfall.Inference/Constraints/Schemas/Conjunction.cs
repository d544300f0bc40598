using System.Text;
using System.Text.Json;
using Landfall.Inference.Constraints.Automata;

namespace Landfall.Inference.Constraints.Schemas;

/// <summary>Schemas that all hold at once, as far as types and listed values go.</summary>
internal sealed class Conjunction
{
    public Conjunction(IReadOnlyList<SchemaKeywords> schemas)
    {
        Schemas = schemas;
        Types = schemas.Aggregate(JsonTypes.All, (types, schema) => types & schema.Types);
        var lists = schemas.Where(schema => schema.Enum is not null).ToList();
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

        return (Types & type) == JsonTypes.None ? null : type == JsonTypes.String ? ScalarCompiler.String(Schemas) : ScalarCompiler.Number(Schemas, whole: (Types & JsonTypes.Fraction) == JsonTypes.None);
    }

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

    private List<byte[]> FindValues(List<SchemaKeywords> lists)
    {
        var common = lists[0].Enum!.Select(value => JsonText.Write(value, lists[0].Pointer)).ToList();
        foreach (var list in lists.Skip(1))
        {
            var others = list.Enum!.Select(value => Encoding.UTF8.GetString(JsonText.Write(value, list.Pointer))).ToHashSet(StringComparer.Ordinal);
            common = [.. common.Where(value => others.Contains(Encoding.UTF8.GetString(value)))];
        }

        var strings = new Lazy<ByteAutomaton?>(() => ScalarCompiler.String(Schemas));
        var numbers = new Lazy<ByteAutomaton?>(() => ScalarCompiler.Number(Schemas, whole: false));
        return [.. common.Where(value => (TypeOf(value) & Types) != JsonTypes.None && Fits(value, strings, numbers))];
    }

    private bool Fits(byte[] value, Lazy<ByteAutomaton?> strings, Lazy<ByteAutomaton?> numbers)
    {
        switch (TypeOf(value))
        {
            case JsonTypes.String:
                return strings.Value?.Matches(value) ?? false;
            case JsonTypes.Integer or JsonTypes.Fraction:
                return !Schemas.Any(schema => schema.HasNumberKeywords) || (numbers.Value?.Matches(value) ?? false);
            case JsonTypes.Object when Schemas.Any(schema => schema.HasObjectKeywords):
                throw new ConstraintException(Place, "enum or const of objects beside keywords for objects is not supported; leave the keywords out.");
            case JsonTypes.Array when Schemas.Any(schema => schema.HasArrayKeywords):
                throw new ConstraintException(Place, "enum or const of arrays beside keywords for arrays is not supported; leave the keywords out.");
            default:
                return true;
        }
    }
}
