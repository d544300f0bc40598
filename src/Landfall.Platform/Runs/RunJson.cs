using System.Text.Encodings.Web;
using System.Text.Json;

namespace Landfall.Platform.Runs;

/// <summary>The JSON form of inputs, journal payloads and results.</summary>
public static class RunJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static JsonElement ToElement<T>(T value) => JsonSerializer.SerializeToElement(value, Options);

    public static T To<T>(this JsonElement element) =>
        element.Deserialize<T>(Options) ?? throw new JsonException($"A {typeof(T).Name} was expected, and null was found.");
}
