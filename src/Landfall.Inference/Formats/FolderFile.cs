namespace Landfall.Inference.Formats;

/// <summary>Reads files of a model's folder, with errors that name the file.</summary>
internal static class FolderFile
{
    /// <summary>The most that a tokenizer's files have.</summary>
    public const long MostBytes = 256L << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">What makes something of its bytes.</param>
    /// <param name="mostBytes">Larger files of the kind are refused.</param>
    /// <exception cref="ModelFormatException">It cannot be read, or is larger than such a file can be.</exception>
    public static T Read<T>(string path, Func<Stream, T> read, long mostBytes = MostBytes)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            return stream.Length <= mostBytes ? read(stream)
                : throw new ModelFormatException(path, $"the file has {stream.Length} bytes, where {mostBytes} are the most for it.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException(path, $"the file cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Reads a file that is text.</summary>
    public static string ReadText(string path) => Read(path, stream =>
    {
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    });
}
