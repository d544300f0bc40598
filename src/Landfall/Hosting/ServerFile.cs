using System.Text.Json;
using Landfall.Protocol;
using Landfall.Protocol.Servers;

namespace Landfall.Hosting;

/// <summary><c>server.json</c> in a data folder: which server runs on it, and where.</summary>
internal static class ServerFile
{
    public static void Write(string folder, ServerInfo info)
    {
        var temporary = PathIn(folder) + "." + Environment.ProcessId;
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(info, LandfallJsonContext.Default.ServerInfo));
        File.Move(temporary, PathIn(folder), overwrite: true);
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
