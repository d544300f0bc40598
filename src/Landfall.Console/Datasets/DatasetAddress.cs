namespace Landfall.Console.Datasets;

/// <summary>Addresses of the datasets' pages, and texts that several of them use.</summary>
public static class DatasetAddress
{
    /// <summary>A version's page.</summary>
    public static string Of(string version) => $"datasets/{version}";

    /// <summary>A version's page with a view and a selection of rows.</summary>
    public static string Of(string version, string view, string? search = null, string? expected = null, int page = 1)
    {
        var query = $"?view={view}";
        query += string.IsNullOrEmpty(search) ? "" : $"&search={Uri.EscapeDataString(search)}";
        query += string.IsNullOrEmpty(expected) ? "" : $"&expected={Uri.EscapeDataString(expected)}";
        return Of(version) + query + (page > 1 ? $"&page={page}" : "");
    }

    /// <summary>A proposal's page.</summary>
    public static string Cleaning(string id) => $"cleanings/{Uri.EscapeDataString(id)}";

    /// <summary>A labelling's page.</summary>
    public static string Labelling(string id) => $"labellings/{Uri.EscapeDataString(id)}";

    /// <summary>The key of the text that says how a version came to be.</summary>
    public static string MadeText(string? made) => made switch
    {
        "clean" => "Made_Clean",
        "split" => "Made_Split",
        "label" => "Made_Label",
        _ => "Made_Import",
    };
}
