using System.Text.Json;
using System.Text.Json.Serialization;

namespace Landfall.Protocol;

/// <summary>Writes an enum's values as kebab-case words: <c>AtLeast</c> is <c>"at-least"</c>.</summary>
/// <typeparam name="T">The enum.</typeparam>
public sealed class KebabEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
