namespace Landfall.Platform.Briefs;

/// <summary>Paths in briefs: relative, with forward slashes, never out of the app's folder.</summary>
internal static class BriefPaths
{
    /// <summary>Why a path is refused, or null. Links are the client's to see (<c>FileState.Outside</c>).</summary>
    public static string? WhyRefused(string path)
    {
        if (path.Contains('\\', StringComparison.Ordinal))
        {
            return "has a backslash; write forward slashes, as in data/train.jsonl";
        }

        if (path.Any(char.IsControl))
        {
            return "has a control character; rename the file";
        }

        if (path[0] is '/' or '~' || path.Contains(':', StringComparison.Ordinal))
        {
            return "is absolute; put the file into the brief's folder and write its path from there, as in data/train.jsonl";
        }

        var segments = path.Split('/');
        return segments.Contains("..", StringComparer.Ordinal)
            ? "leaves the brief's folder ('..'); put the file into the folder and write its path from there, as in data/train.jsonl"
            : segments[..^1].Any(s => s.Length == 0) ? "has an empty part ('//'); remove the extra slash" : null;
    }

    /// <summary>The same file has the same normal form.</summary>
    public static string Normal(string path) => string.Join('/', path.Split('/').Where(s => s is not ("" or ".")));
}
