using Landfall.Protocol;
using Landfall.Protocol.Datasets;

namespace Landfall.Commands.Datasets;

/// <summary>Finds dataset versions by what people type: a name, a version, or a version's beginning.</summary>
internal static class DatasetNames
{
    private const int LeastOfVersion = 4;

    /// <summary>The newest version of the name, or the version that begins so.</summary>
    public static async Task<DatasetSummary> FindAsync(LandfallClient client, string given, CancellationToken cancellation)
    {
        var all = await client.GetDatasetsAsync(cancellation);
        if (all.FirstOrDefault(d => string.Equals(d.Name, given, StringComparison.Ordinal)) is { } named)
        {
            return named;
        }

        var fitting = given.Length < LeastOfVersion ? [] : all.Where(d => d.Version.StartsWith(given, StringComparison.OrdinalIgnoreCase)).DistinctBy(d => d.Version, StringComparer.Ordinal).ToList();
        return fitting.Count == 1
            ? fitting[0]
            : throw new CommandException(ExitCodes.Usage, $"{given}: {(fitting.Count == 0 ? "no dataset has this name, and no version begins so" : $"{fitting.Count} versions begin so")}. `landfall dataset list` shows all.");
    }
}
