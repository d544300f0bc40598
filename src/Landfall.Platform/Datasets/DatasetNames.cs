using Landfall.Protocol.Datasets;

namespace Landfall.Platform.Datasets;

/// <summary>Finds a version by what people call it.</summary>
public static class DatasetNames
{
    /// <summary>Fewer characters of a version say too little.</summary>
    private const int LeastPrefix = 4;

    /// <summary>
    /// The version that a text means: a whole version, a dataset's name (then its newest version), the beginning of a version, or
    /// <c>name@beginning</c>.
    /// </summary>
    /// <returns>The version, or what is wrong with the text.</returns>
    public static async Task<(DatasetSummary? Dataset, string Problem)> ResolveAsync(this IDatasetStore store, string given, CancellationToken cancellation)
    {
        // A name may have a slash, which a path keeps escaped.
        var text = Uri.UnescapeDataString(given);
        if (text.Length == 64 && await store.FindAsync(text, cancellation).ConfigureAwait(false) is { } exact)
        {
            return (exact, "");
        }

        var all = await store.ListAsync(cancellation).ConfigureAwait(false);
        if (all.FirstOrDefault(d => d.Name == text) is { } named)
        {
            return (named, "");
        }

        var at = text.LastIndexOf('@');
        var (name, prefix) = at < 0 ? (null, text) : (text[..at], text[(at + 1)..]);
        var fitting = prefix.Length < LeastPrefix
            ? []
            : all.Where(d => (name is null || d.Name == name) && d.Version.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).DistinctBy(d => d.Version).ToList();
        return fitting.Count switch
        {
            1 => (fitting[0], ""),
            0 => (null, $"There is no dataset version '{Shortened(text)}': no dataset has this name, and no version begins so. GET api/datasets lists them."),
            _ => (null, $"'{Shortened(text)}' is not enough: {fitting.Count} versions begin so ({string.Join(", ", fitting.Take(3).Select(d => $"{d.Name}@{d.Version[..12]}"))}). Give more of it."),
        };
    }

    private static string Shortened(string text) => Reading.FieldRoles.Shortened(text);
}
