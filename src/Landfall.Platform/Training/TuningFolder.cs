using System.Text.Json;
using Landfall.Protocol;
using Landfall.Protocol.Training;

namespace Landfall.Platform.Training;

/// <summary>
/// A candidate's folder while it is trained: rows, checkpoints, the result. It is named by the
/// candidate's hash, so that a training that was interrupted is gone on with; it goes when the candidate is kept.
/// </summary>
internal sealed class TuningFolder
{
    private readonly string _root;

    private TuningFolder(string root) => _root = root;

    public string Train => Path.Combine(_root, "train.jsonl");

    public string Validation => Path.Combine(_root, "validation.jsonl");

    public string Checkpoints => Path.Combine(_root, "checkpoints");

    public string Output => Path.Combine(_root, "output");

    /// <summary>The folder of a candidate; it is made where it is not there.</summary>
    public static TuningFolder Open(TrainingOptions options, string candidateHash)
    {
        var folder = new TuningFolder(Path.Combine(options.Folder, candidateHash));
        Directory.CreateDirectory(folder.Checkpoints);
        return folder;
    }

    /// <summary>Writes rows as the worker reads them.</summary>
    public static async Task WriteAsync(string path, IEnumerable<TuningExample> examples, CancellationToken cancellation)
    {
        var writer = new StreamWriter(path);
        await using (writer.ConfigureAwait(false))
        {
            foreach (var example in examples)
            {
                cancellation.ThrowIfCancellationRequested();
                await writer.WriteLineAsync(JsonSerializer.Serialize(example, LandfallJsonContext.Default.TuningExample)).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Removes all.</summary>
    public void Remove()
    {
        try
        {
            Directory.Delete(_root, recursive: true);
        }
        catch (IOException)
        {
            // What is left is used, or written over, by the next training of the candidate.
        }
    }
}
