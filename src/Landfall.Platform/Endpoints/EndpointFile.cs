using System.Text.Json;
using Landfall.Platform.Storage;
using Microsoft.AspNetCore.DataProtection;

namespace Landfall.Platform.Endpoints;

/// <summary>An endpoint as it stands in the settings file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">The API's root.</param>
/// <param name="Model">The model.</param>
/// <param name="KeyVariable">The environment variable that holds the key.</param>
/// <param name="ProtectedKey">Or the key itself, encrypted with the data folder's own key.</param>
/// <param name="InputPrice">US dollars per million prompt tokens.</param>
/// <param name="OutputPrice">US dollars per million answer tokens.</param>
/// <param name="TimeoutSeconds">The time of one attempt.</param>
/// <param name="MaxParallel">Calls at a time.</param>
public sealed record StoredEndpoint(
    string Name, string Address, string Model, string? KeyVariable, string? ProtectedKey, decimal? InputPrice, decimal? OutputPrice, double? TimeoutSeconds, int? MaxParallel);

/// <summary>
/// <c>endpoints.json</c> in the data folder. Keys in it are encrypted (ASP.NET Core's data protection, whose own key lies in
/// the data folder too, readable by its owner alone), so that a copy of the file alone gives nothing away.
/// </summary>
internal sealed class EndpointFile(string dataFolder, IDataProtectionProvider protection)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private readonly string _path = Path.Combine(dataFolder, "endpoints.json");
    private readonly IDataProtector _protector = protection.CreateProtector("landfall.endpoints");

    /// <summary>What the file holds; nothing when there is none.</summary>
    /// <exception cref="InvalidDataException">The file is not what it should be.</exception>
    public IReadOnlyList<StoredEndpoint> Read()
    {
        try
        {
            return File.Exists(_path) ? JsonSerializer.Deserialize<List<StoredEndpoint>>(File.ReadAllText(_path), Json) ?? [] : [];
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{_path}, line {(error.LineNumber ?? 0) + 1}: this is not a list of endpoints. Correct it, or remove the file and add the endpoints again.", error);
        }
    }

    public void Write(IReadOnlyList<StoredEndpoint> endpoints)
    {
        var temporary = $"{_path}.{Environment.ProcessId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(temporary, options))
        {
            JsonSerializer.Serialize(file, endpoints, Json);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, _path, overwrite: true);
        DirectorySync.Sync(Path.GetDirectoryName(Path.GetFullPath(_path))!);
    }

    public string Protect(string key) => _protector.Protect(key);

    /// <summary>The key of a stored endpoint, or why there is none.</summary>
    public (Secret Key, string? Problem) KeyOf(StoredEndpoint stored, Func<string, string?> variable)
    {
        if (stored.KeyVariable is { Length: > 0 } name)
        {
            return variable(name) is { Length: > 0 } value ? (new Secret(value), null) : (Secret.None, $"the environment variable {name}, which should hold its key, is not set.");
        }

        if (stored.ProtectedKey is not { } hidden)
        {
            return (Secret.None, null);
        }

        try
        {
            return (new Secret(_protector.Unprotect(hidden)), null);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return (Secret.None, "its key was encrypted for another data folder. Give the key again.");
        }
    }
}
