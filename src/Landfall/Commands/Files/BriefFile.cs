using System.Text;
using System.Text.Unicode;

namespace Landfall.Commands.Files;

/// <summary>The text of a brief on disk.</summary>
internal static class BriefFile
{
    public const string Name = "brief.yaml";

    /// <summary>A brief is written by hand; what is larger is another file given by mistake.</summary>
    private const long MaxBytes = 1 << 20;

    /// <exception cref="CommandException">It is not there, too large, or not UTF-8.</exception>
    public static async Task<string> ReadAsync(string path, CancellationToken cancellation)
    {
        byte[] bytes;
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaxBytes } large)
            {
                throw new CommandException(ExitCodes.BriefInvalid, $"{path} has {Figures.Bytes(large.Length)}; a brief has at most {Figures.Bytes(MaxBytes)}. Is it a data file?");
            }

            bytes = await File.ReadAllBytesAsync(path, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCodes.Usage, $"{path} cannot be read: {e.Message}", e);
        }

        var text = bytes.AsSpan();
        text = text.StartsWith("\uFEFF"u8) ? text[3..] : text;
        if (!Utf8.IsValid(text))
        {
            var line = 1 + text[..Utf8Length(text)].Count((byte)'\n');
            throw new CommandException(ExitCodes.BriefInvalid, $"{path}:{line}: the text is not UTF-8 from this line on. Save the file as UTF-8.");
        }

        return Encoding.UTF8.GetString(text);
    }

    /// <summary>How many bytes from the beginning are valid.</summary>
    private static int Utf8Length(ReadOnlySpan<byte> bytes)
    {
        var valid = 0;
        while (valid < bytes.Length && Rune.DecodeFromUtf8(bytes[valid..], out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            valid += length;
        }

        return valid;
    }
}
