using System.Text.Json;

namespace Landfall.Inference.Constraints.Schemas;

/// <summary>Reads one schema object (JSON Schema 2020-12, and the older spellings that mean the same).</summary>
internal static class SchemaReader
{
    /// <summary>Counts in a schema are kept below it.</summary>
    private const int MaxCount = 10_000;

    public static SchemaKeywords Read(SchemaLocation location)
    {
        switch (location.Element.ValueKind)
        {
            case JsonValueKind.True:
                return new SchemaKeywords(location.Pointer);
            case JsonValueKind.False:
                return new SchemaKeywords(location.Pointer) { Never = true };
            case JsonValueKind.Object:
                break;
            default:
                throw new ConstraintException(location.Pointer, $"a schema is an object or a boolean, not {Describe(location.Element)}.");
        }

        var keywords = new SchemaKeywords(location.Pointer);
        var nullable = false;
        foreach (var property in location.Element.EnumerateObject())
        {
            var place = location.Child(property.Name, property.Value);
            nullable |= property.NameEquals("nullable") && property.Value.ValueKind == JsonValueKind.True;
            if (!ReadValueKeyword(keywords, property.Name, place) && !ReadStructureKeyword(keywords, property.Name, place) && !IsAnnotation(property.Name))
            {
                throw new ConstraintException(place.Pointer, $"the keyword '{property.Name}' is not supported; leave it out, or state the same by type, enum, properties, items, anyOf and the like.");
            }
        }

        keywords.Types |= nullable ? JsonTypes.Null : JsonTypes.None;
        return keywords;
    }

    private static bool IsAnnotation(string name) =>
        name is "title" or "description" or "default" or "examples" or "example" or "deprecated" or "readOnly" or "writeOnly" or "nullable" or "discriminator"
            or "contentEncoding" or "contentMediaType"
        || name is "$schema" or "$id" or "$comment" or "$defs" or "definitions" || name.StartsWith("x-", StringComparison.Ordinal);

    private static bool ReadValueKeyword(SchemaKeywords keywords, string name, SchemaLocation place)
    {
        switch (name)
        {
            case "type":
                keywords.Types = ReadTypes(place);
                return true;
            case "enum":
                keywords.Enum = [.. keywords.Enum ?? [], [.. Items(place).Select(item => item.Element)]];
                return true;
            case "const":
                keywords.Enum = [.. keywords.Enum ?? [], [place.Element]];
                return true;
            case "minimum" or "exclusiveMinimum":
                ReadMinimum(keywords, Number(place), exclusive: name != "minimum");
                return true;
            case "maximum" or "exclusiveMaximum":
                ReadMaximum(keywords, Number(place), exclusive: name != "maximum");
                return true;
            case "multipleOf":
                keywords.MultipleOf = Number(place) is > 0 and var step ? step : throw Wrong(place, "a number above 0");
                return true;
            case "minLength":
                keywords.MinLength = Least(place);
                return true;
            case "maxLength":
                keywords.MaxLength = Count(place);
                return true;
            case "pattern":
                keywords.Pattern = Text(place);
                return true;
            case "format":
                keywords.Format = Text(place);
                return true;
            default:
                return false;
        }
    }

    private static bool ReadStructureKeyword(SchemaKeywords keywords, string name, SchemaLocation place)
    {
        switch (name)
        {
            case "minItems":
                keywords.MinItems = Least(place);
                return true;
            case "maxItems":
                keywords.MaxItems = Count(place);
                return true;
            case "uniqueItems":
                keywords.UniqueItems = place.Element.ValueKind is JsonValueKind.True or JsonValueKind.False ? place.Element.GetBoolean() : throw Wrong(place, "true or false");
                return true;
            case "prefixItems":
                keywords.PrefixItems = Items(place);
                return true;
            case "items" when place.Element.ValueKind == JsonValueKind.Array:
                throw new ConstraintException(place.Pointer, "a list of schemas is written as 'prefixItems'.");
            case "items":
                keywords.Items = place;
                return true;
            case "properties":
                keywords.Properties = Members(place);
                return true;
            case "patternProperties":
                keywords.PatternProperties = Members(place);
                return true;
            case "additionalProperties":
                keywords.AdditionalProperties = place;
                return true;
            case "required":
                keywords.Required = [.. Items(place).Select(Text)];
                return true;
            case "minProperties":
                keywords.MinProperties = Least(place);
                return true;
            case "maxProperties":
                keywords.MaxProperties = Count(place);
                return true;
            default:
                return ReadApplicator(keywords, name, place);
        }
    }

    private static bool ReadApplicator(SchemaKeywords keywords, string name, SchemaLocation place)
    {
        switch (name)
        {
            case "$ref":
                keywords.Reference = Text(place);
                return true;
            case "allOf":
                keywords.AllOf = Items(place);
                return true;
            case "anyOf":
                keywords.AnyOf = Items(place);
                return true;
            case "oneOf":
                keywords.OneOf = Items(place);
                return true;
            default:
                return false;
        }
    }

    private static void ReadMinimum(SchemaKeywords keywords, decimal value, bool exclusive)
    {
        if (keywords.Minimum is not { } known || value > known || (value == known && exclusive))
        {
            (keywords.Minimum, keywords.ExcludesMinimum) = (value, exclusive);
        }
    }

    private static void ReadMaximum(SchemaKeywords keywords, decimal value, bool exclusive)
    {
        if (keywords.Maximum is not { } known || value < known || (value == known && exclusive))
        {
            (keywords.Maximum, keywords.ExcludesMaximum) = (value, exclusive);
        }
    }

    private static JsonTypes ReadTypes(SchemaLocation place)
    {
        if (place.Element.ValueKind == JsonValueKind.String)
        {
            return ReadType(place);
        }

        return Items(place).Aggregate(JsonTypes.None, (types, item) => types | ReadType(item));
    }

    private static JsonTypes ReadType(SchemaLocation place) => Text(place) switch
    {
        "null" => JsonTypes.Null,
        "boolean" => JsonTypes.Boolean,
        "integer" => JsonTypes.Integer,
        "number" => JsonTypes.Number,
        "string" => JsonTypes.String,
        "array" => JsonTypes.Array,
        "object" => JsonTypes.Object,
        var other => throw new ConstraintException(place.Pointer, $"'{other}' is no type; the types are null, boolean, integer, number, string, array and object."),
    };

    private static List<SchemaLocation> Items(SchemaLocation place) => place.Element.ValueKind == JsonValueKind.Array
        ? [.. place.Element.EnumerateArray().Select((item, index) => place.Child(index, item))]
        : throw Wrong(place, "an array");

    private static List<KeyValuePair<string, SchemaLocation>> Members(SchemaLocation place)
    {
        if (place.Element.ValueKind != JsonValueKind.Object)
        {
            throw Wrong(place, "an object");
        }

        var members = new Dictionary<string, SchemaLocation>(StringComparer.Ordinal);
        foreach (var member in place.Element.EnumerateObject())
        {
            if (!members.TryAdd(member.Name, place.Child(member.Name, member.Value)))
            {
                throw new ConstraintException(place.Pointer, $"'{member.Name}' stands there twice.");
            }
        }

        return [.. members];
    }

    private static string Text(SchemaLocation place) => place.Element.ValueKind == JsonValueKind.String ? JsonText.Read(place.Element, place.Pointer) : throw Wrong(place, "a string");

    private static decimal Number(SchemaLocation place) => place.Element.ValueKind == JsonValueKind.Number && JsonText.TryReadExactly(place.Element, out var value)
        ? value
        : throw Wrong(place, "a number of at most 28 digits");

    // A greatest count may be lowered without allowing what is wrong; a least one may not.
    private static int Count(SchemaLocation place) => (int)Math.Min(Whole(place), MaxCount);

    private static int Least(SchemaLocation place) => Whole(place) is <= MaxCount and var count ? (int)count : throw Wrong(place, $"at most {MaxCount}");

    private static decimal Whole(SchemaLocation place) => Number(place) is >= 0 and var count && decimal.IsInteger(count) ? count : throw Wrong(place, "a whole number, 0 or more");

    private static ConstraintException Wrong(SchemaLocation place, string expected) => new(place.Pointer, $"{expected} was expected, not {Describe(place.Element)}.");

    private static string Describe(JsonElement element)
    {
        var text = element.GetRawText();
        return text.Length <= 40 ? text : $"{text[..40]}...";
    }
}
