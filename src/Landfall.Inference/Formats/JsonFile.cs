using System.Text.Json;

namespace Landfall.Inference.Formats;

/// <summary>A small JSON file whose root is an object, read with errors that name the file and the property.</summary>
internal sealed class JsonFile : IDisposable
{
    private const int MostBytes = 64 << 20;
    private readonly JsonDocument _document;
    private readonly string _file;

    private JsonFile(string file, JsonDocument document)
    {
        (_file, _document) = (file, document);
        Root = new JsonSettings(file, document.RootElement);
    }

    public JsonSettings Root { get; }

    public static JsonFile Open(string path) => FolderFile.Read(path, stream => Parse(path, stream), MostBytes);

    public void Dispose() => _document.Dispose();

    private static JsonFile Parse(string path, Stream stream)
    {
        try
        {
            var document = JsonDocument.Parse(stream, new JsonDocumentOptions { MaxDepth = 32 });
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return new JsonFile(path, document);
            }

            document.Dispose();
            throw new ModelFormatException(path, "the file holds JSON, but no object.");
        }
        catch (JsonException exception)
        {
            throw new ModelFormatException(path, $"the file is not JSON: {exception.Message}", exception);
        }
    }
}
