using System.Text.RegularExpressions;

namespace Landfall.Platform.Models;

/// <summary>Names of models, and of the files in them.</summary>
public static partial class ModelNames
{
    /// <summary>Why this cannot be a name, or null. A colon is left to <c>model:adapter</c>.</summary>
    public static string? WhyNoName(string? name) => name is not null && Name().IsMatch(name)
        ? null
        : $"{Briefs.Shown.Text(name ?? "")} cannot be a model's name: 1 to 64 lower-case letters (a to z), digits, dots, hyphens and underscores, with a letter or digit first.";

    /// <summary>What an adapter is called: by its base's name and its own.</summary>
    public static string OfAdapter(string model, string adapter) => $"{model}:{adapter}";

    /// <summary>Whether this can be a file's path inside a model: one folder deep at most, and never out of it.</summary>
    public static bool IsFileName(string? name) => name is { Length: <= 200 } && FileName().IsMatch(name);

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,63}\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)?\\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FileName();
}
