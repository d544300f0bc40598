using System.Globalization;
using System.Security.Cryptography;
using Landfall.Inference;
using Landfall.Platform.Access;
using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Models;

namespace Landfall.Platform.Models;

/// <summary>Makes models of files: copies them into the blob store, and reads what they are.</summary>
public sealed class ModelImporter(BlobStore blobs, ModelContent content, ModelStore models, IModelReader reader, TimeProvider time)
{
    /// <summary>Looks at files where they lie, before anything is copied.</summary>
    /// <param name="path">A file or a folder.</param>
    /// <param name="forModel">Of an adapter the model that it is for.</param>
    /// <exception cref="ModelFormatException">They are no model that can be run.</exception>
    public IReadOnlyList<SourceFile> Check(string path, ModelSummary? forModel)
    {
        var files = forModel is null ? ModelSource.List(path) : ModelSource.ListAdapter(path);
        ReadAt(files is [{ Name: ModelContent.GgufName } gguf] ? gguf.Path : path, forModel);
        return files;
    }

    /// <summary>Looks at files that were uploaded.</summary>
    /// <param name="files">The files.</param>
    /// <param name="forModel">Of an adapter the model that it is for.</param>
    /// <exception cref="ModelFormatException">They are no model that can be run.</exception>
    public void Check(IReadOnlyList<ModelFile> files, ModelSummary? forModel) => Read(files, forModel);

    /// <summary>Whether files could be a model's, by their names and lengths.</summary>
    public static bool AreAlike(IReadOnlyList<ModelFile> model, IReadOnlyList<SourceFile> files) =>
        model.Select(f => (f.Name, f.Bytes)).ToHashSet().SetEquals(files.Select(f => (f.Name, f.Bytes)));

    /// <summary>Copies one file into the store; memory does not grow with it.</summary>
    public async Task<ModelFile> CopyAsync(SourceFile source, IProgress<long> progress, CancellationToken cancellation)
    {
        blobs.EnsureRoom(source.Bytes);
        return await ReadAsync(source, async file =>
        {
            var hash = await blobs.AddAsync(file, progress, cancellation).ConfigureAwait(false);
            return new ModelFile(source.Name, hash, blobs.Size(hash));
        }).ConfigureAwait(false);
    }

    /// <summary>What a file would be in the store, without copying it.</summary>
    public static Task<ModelFile> IdentifyAsync(SourceFile source, CancellationToken cancellation) =>
        ReadAsync(source, async file => new ModelFile(source.Name, Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation).ConfigureAwait(false)), source.Bytes));

    private static async Task<ModelFile> ReadAsync(SourceFile source, Func<FileStream, Task<ModelFile>> read)
    {
        try
        {
            var file = new FileStream(source.Path, new FileStreamOptions
            {
                BufferSize = 0,
                Options = FileOptions.SequentialScan | FileOptions.Asynchronous,
                Share = FileShare.ReadWrite | FileShare.Delete,
            });
            await using (file.ConfigureAwait(false))
            {
                return await read(file).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new RunFailedException($"{source.Path} cannot be read any more: {error.Message}", ErrorCodes.ModelInvalid);
        }
    }

    /// <summary>Adds a model of files that the store holds.</summary>
    /// <exception cref="RunFailedException">They are no model, or the name is taken.</exception>
    public async Task<ModelSummary> AddAsync(string name, IReadOnlyList<ModelFile> files, ModelLineage lineage, ModelSummary? forModel, CancellationToken cancellation)
    {
        try
        {
            return await models.AddAsync(Describe(name, files, lineage, Read(files, forModel)), cancellation).ConfigureAwait(false);
        }
        catch (ModelFormatException error)
        {
            await models.DiscardAsync(files, CancellationToken.None).ConfigureAwait(false);
            throw new RunFailedException(error.Message, ErrorCodes.ModelInvalid);
        }
    }

    /// <summary>A model of files that the store holds, without a place in the registry.</summary>
    /// <exception cref="ModelFormatException">They are no model that can be run.</exception>
    public ModelSummary Describe(string name, IReadOnlyList<ModelFile> files, ModelLineage lineage) => Describe(name, files, lineage, Read(files, forModel: null));

    /// <summary>What the files say; messages name them as they are called inside the model.</summary>
    private ModelFacts Read(IReadOnlyList<ModelFile> files, ModelSummary? forModel)
    {
        var path = content.PathOf(files);
        try
        {
            return ReadAt(path, forModel);
        }
        catch (ModelFormatException error)
        {
            var folder = files is [{ Name: ModelContent.GgufName }] ? Path.GetDirectoryName(path)! : path;
            var file = Path.GetRelativePath(folder, error.File);
            var problem = error.Message[Math.Min(error.Message.Length, error.File.Length + 2)..].Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
            throw new ModelFormatException(file == "." ? "the model" : file, problem, error) { Tensor = error.Tensor, Offset = error.Offset };
        }
    }

    /// <summary>An adapter is read with the model that it is for.</summary>
    private ModelFacts ReadAt(string path, ModelSummary? forModel) =>
        forModel is null ? reader.Read(path) : reader.ReadAdapter(path, content.PathOf(forModel.Files)) with { HasChatTemplate = forModel.HasChatTemplate };

    private ModelSummary Describe(string name, IReadOnlyList<ModelFile> files, ModelLineage lineage, ModelFacts facts) => new()
    {
        Name = name,
        Hash = ModelContent.HashOf(files),
        Format = facts.Format,
        Use = facts.Use,
        Adapter = facts.Adapter,
        Family = facts.Family,
        Parameters = facts.Parameters,
        ContextLength = facts.ContextLength,
        VocabularySize = facts.VocabularySize,
        Layers = facts.Layers,
        HiddenSize = facts.HiddenSize,
        CacheBytesPerToken = facts.CacheBytesPerToken,
        HasChatTemplate = facts.HasChatTemplate,
        Types = facts.Types,
        Files = files,
        Bytes = files.Sum(f => f.Bytes),
        Licence = facts.Licence,
        Metadata = facts.Metadata,
        Lineage = lineage,
        CreatedBy = Caller.Current.Name,
        CreatedAt = time.GetUtcNow(),
    };

    /// <summary>Bytes for people, such as <c>1.25 GB</c>.</summary>
    internal static string Size(long bytes) => bytes switch
    {
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB"),
    };
}
