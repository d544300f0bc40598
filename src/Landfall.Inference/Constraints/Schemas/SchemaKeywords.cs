using System.Text.Json;

namespace Landfall.Inference.Constraints.Schemas;

/// <summary>JSON's types as JSON Schema counts them; integers are numbers too.</summary>
[Flags]
internal enum JsonTypes
{
    None = 0,
    Null = 1,
    Boolean = 2,
    Integer = 4,
    Fraction = 8,
    String = 16,
    Array = 32,
    Object = 64,
    Number = Integer | Fraction,
    All = Null | Boolean | Number | String | Array | Object,
}

/// <summary>What one schema object says itself, read and checked; what it refers to is left as locations.</summary>
internal sealed record SchemaKeywords(string Pointer)
{
    /// <summary>Whether it is <c>false</c>: nothing fits.</summary>
    public bool Never { get; init; }

    public JsonTypes Types { get; set; } = JsonTypes.All;

    /// <summary>The lists of values of enum and const, all of which hold.</summary>
    public IReadOnlyList<IReadOnlyList<JsonElement>>? Enum { get; set; }

    public decimal? Minimum { get; set; }

    public bool ExcludesMinimum { get; set; }

    public decimal? Maximum { get; set; }

    public bool ExcludesMaximum { get; set; }

    public decimal? MultipleOf { get; set; }

    public int MinLength { get; set; }

    public int? MaxLength { get; set; }

    public string? Pattern { get; set; }

    public string? Format { get; set; }

    public int MinItems { get; set; }

    public int? MaxItems { get; set; }

    public bool UniqueItems { get; set; }

    public IReadOnlyList<SchemaLocation> PrefixItems { get; set; } = [];

    public SchemaLocation? Items { get; set; }

    public IReadOnlyList<KeyValuePair<string, SchemaLocation>> Properties { get; set; } = [];

    public IReadOnlyList<KeyValuePair<string, SchemaLocation>> PatternProperties { get; set; } = [];

    public SchemaLocation? AdditionalProperties { get; set; }

    public IReadOnlyList<string> Required { get; set; } = [];

    public int MinProperties { get; set; }

    public int? MaxProperties { get; set; }

    public string? Reference { get; set; }

    public IReadOnlyList<SchemaLocation> AllOf { get; set; } = [];

    public IReadOnlyList<SchemaLocation>? AnyOf { get; set; }

    public IReadOnlyList<SchemaLocation>? OneOf { get; set; }

    public bool HasArrayKeywords => MinItems > 0 || MaxItems is not null || UniqueItems || PrefixItems.Count > 0 || Items is not null;

    public bool HasObjectKeywords => Properties.Count > 0 || PatternProperties.Count > 0 || AdditionalProperties is not null || Required.Count > 0
        || MinProperties > 0 || MaxProperties is not null;

    public bool HasNumberKeywords => Minimum is not null || Maximum is not null || MultipleOf is not null;
}
