using System.Text.Json;
using Landfall.Commands;

namespace Landfall.Configuration;

/// <summary>A settings file: one JSON object of texts by <see cref="Setting.Key"/>. Comments and trailing commas are allowed.</summary>
internal static class SettingsFile
{
    /// <summary>The largest file that is read: a wrong path must not fill the memory.</summary>
    private const int MaximumBytes = 1 << 20;

    private static readonly JsonDocumentOptions Format = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads a file.</summary>
    /// <exception cref="CommandException">It is not there, is no JSON, or has a setting that is none.</exception>
    public static IReadOnlyDictionary<string, string> Read(string path)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        using var document = Parse(path);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw Wrong(path, $"holds a JSON {document.RootElement.ValueKind.ToString().ToLowerInvariant()}. Write an object, such as {{ \"database\": \"sqlite\" }}.");
        }

        foreach (var property in document.RootElement.EnumerateObject())
        {
            if (Settings.All.All(s => s.Key != property.Name))
            {
                throw Wrong(path, $"has the unknown setting '{property.Name}'. There are: {string.Join(", ", Settings.All.Select(s => s.Key).OfType<string>())}.");
            }

            if (property.Value.ValueKind != JsonValueKind.String || !settings.TryAdd(property.Name, property.Value.GetString()!))
            {
                throw Wrong(path, property.Value.ValueKind == JsonValueKind.String ? $"has the setting '{property.Name}' twice." : $"gives '{property.Name}' no text. Write it in quotes.");
            }
        }

        return settings;
    }

    private static JsonDocument Parse(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaximumBytes)
            {
                throw Wrong(path, $"is larger than {MaximumBytes} bytes.");
            }

            return JsonDocument.Parse(File.ReadAllBytes(path), Format);
        }
        catch (JsonException error)
        {
            // The text itself may hold a password: only the place is named.
            throw Wrong(path, $"is no JSON (line {(error.LineNumber ?? 0) + 1}, byte {(error.BytePositionInLine ?? 0) + 1}).");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Wrong(path, $"cannot be read: {error.Message}");
        }
    }

    private static CommandException Wrong(string path, string what) => new(ExitCodes.Usage, $"The settings file {path} {what}");
}
