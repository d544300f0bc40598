namespace Landfall.Inference.Tokenizers;

/// <summary>Reads files of a model's folder.</summary>
internal static class FolderFile
{
    private const long MostBytes = 256L << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">What makes something of its bytes.</param>
    /// <exception cref="ModelFormatException">It cannot be read, or is larger than such a file can be.</exception>
    public static T Read<T>(string path, Func<Stream, T> read)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return stream.Length <= MostBytes ? read(stream)
                : throw new ModelFormatException(path, $"the file has {stream.Length} bytes, where {MostBytes} are the most for it.");
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
