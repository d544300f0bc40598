using System.Text.Json;
using System.Text.Json.Nodes;
using Landfall.Protocol;
using Landfall.Protocol.Servers;

namespace Landfall.Hosting;

/// <summary><c>server.json</c> in a data folder: which server runs on it, and where.</summary>
internal static class ServerFile
{
    private const string Secret = "secret";

    /// <summary>Writes the file for the folder's owner alone: with its secret commands prove that they are theirs.</summary>
    public static void Write(string folder, ServerInfo info, string secret)
    {
        var content = JsonSerializer.SerializeToNode(info, LandfallJsonContext.Default.ServerInfo)!.AsObject();
        content[Secret] = secret;
        var temporary = PathIn(folder) + "." + Environment.ProcessId;
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new StreamWriter(temporary, options))
        {
            file.Write(content.ToJsonString());
        }

        File.Move(temporary, PathIn(folder), overwrite: true);
    }

    /// <summary>The server's secret for the owner of the folder, or null when it cannot be read.</summary>
    public static string? ReadSecret(string folder)
    {
        try
        {
            return (JsonNode.Parse(File.ReadAllBytes(PathIn(folder))) as JsonObject)?[Secret] is JsonValue value && value.TryGetValue<string>(out var secret) ? secret : null;
        }
        catch (Exception error) when (error is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What the file says, or null when there is none that can be read.</summary>
    public static ServerInfo? Read(string folder)
    {
        try
        {
            var info = JsonSerializer.Deserialize(File.ReadAllBytes(PathIn(folder)), LandfallJsonContext.Default.ServerInfo);
            return Uri.TryCreate(info?.Url, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? info : null;
        }
        catch (Exception error) when (error is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Removes the file, unless a newer server has written its own.</summary>
    public static void Remove(string folder, long epoch)
    {
        if (Read(folder)?.Epoch == epoch)
        {
            File.Delete(PathIn(folder));
        }
    }

    private static string PathIn(string folder) => Path.Combine(folder, "server.json");
}
