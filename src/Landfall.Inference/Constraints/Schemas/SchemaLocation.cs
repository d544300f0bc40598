using System.Runtime.InteropServices;
using System.Text.Json;

namespace Landfall.Inference.Constraints.Schemas;

/// <summary>A schema and where it stands in its document, as a JSON pointer in a URI fragment ("#/properties/a").</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SchemaLocation(JsonElement Element, string Pointer)
{
    public SchemaLocation Child(string name, JsonElement element) => new(element, $"{Pointer}/{Escape(name)}");

    public SchemaLocation Child(int index, JsonElement element) => new(element, $"{Pointer}/{index}");

    /// <summary>What a reference within <paramref name="document"/> points at.</summary>
    public static SchemaLocation Resolve(JsonElement document, string reference, string place)
    {
        if (reference is not "#" && !reference.StartsWith("#/", StringComparison.Ordinal))
        {
            throw new ConstraintException(place, $"'{reference}' is not supported; put the schema under $defs and refer to it as '#/$defs/name'.");
        }

        var current = new SchemaLocation(document, "#");
        foreach (var part in reference.Split('/').Skip(1))
        {
            var name = Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            current = current.Find(name) ?? throw new ConstraintException(place, $"'{reference}' points at nothing in this schema.");
        }

        return current;
    }

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private SchemaLocation? Find(string name)
    {
        if (Element.ValueKind == JsonValueKind.Object && Element.TryGetProperty(name, out var property))
        {
            return Child(name, property);
        }

        return Element.ValueKind == JsonValueKind.Array && int.TryParse(name, out var index) && index >= 0 && index < Element.GetArrayLength()
            ? Child(index, Element[index])
            : null;
    }
}
