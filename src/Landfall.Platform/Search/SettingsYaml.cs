using System.Text.Json;
using System.Text.RegularExpressions;

namespace Landfall.Platform.Search;

/// <summary>Settings as an entry of a brief's <c>techniques</c>.</summary>
internal static partial class SettingsYaml
{
    public static string Write(string technique, IReadOnlyDictionary<string, string> settings) => settings.Count == 0
        ? $"- {technique}"
        : $"- {technique}: {{ {string.Join(", ", settings.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}: {Scalar(s.Value)}"))} }}";

    /// <summary>JSON's texts are YAML's as well (YAML 1.2, section 1.3).</summary>
    private static string Scalar(string value) =>
        Plain().IsMatch(value) && value is not ("null" or "Null" or "NULL") ? value : JsonSerializer.Serialize(value, Runs.RunJson.Options);

    [GeneratedRegex(@"^[A-Za-z0-9_.][A-Za-z0-9_.+\-]*\z|^-[0-9.]+\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Plain();
}
