using System.Globalization;
using System.Text.Json;
using Landfall.Inference;
using Landfall.Inference.Formats;
using Landfall.Protocol.Errors;
using Landfall.Training.Models;

namespace Landfall.Training.Tuning;

/// <summary>
/// A training's checkpoints in a folder, each one safetensors file with the state as JSON in its metadata, there whole or
/// not at all: <c>{identity}-{step}.safetensors</c>, of which two are kept, and the best weights so far,
/// <c>{identity}-best-{step}.safetensors</c>. Files of other trainings are neither read nor removed.
/// </summary>
internal sealed class Checkpoint : IDisposable
{
    private const int Kept = 2;
    private const string Extension = ".safetensors";
    private const string StateKey = "landfall.training";
    private const string LossesName = "losses";
    private readonly string _folder;
    private readonly string _identity;
    private readonly IReadOnlyList<TrainedTensor> _trained;
    private readonly FileStream _lock;

    /// <param name="folder">The folder; it is made.</param>
    /// <param name="identity">The training's.</param>
    /// <param name="trained">What is trained.</param>
    /// <exception cref="TrainingException">Another process trains with this folder, or it cannot be written.</exception>
    public Checkpoint(string folder, string identity, IReadOnlyList<TrainedTensor> trained)
    {
        (_folder, _identity, _trained) = (folder, identity, trained);
        _lock = Lock(folder);
        foreach (var unfinished in Directory.EnumerateFiles(folder, $".{identity}-*"))
        {
            File.Delete(unfinished);
        }
    }

    private IEnumerable<(string Name, TorchSharp.torch.Tensor Value)> Weights => _trained.Select(t => ("weight." + t.Name, t.Value));

    /// <summary>The newest checkpoint that can be read; null where there is none.</summary>
    /// <param name="optimiser">Its state is filled.</param>
    /// <param name="losses">The losses of all steps are added to it.</param>
    /// <param name="note">Told of files that are left aside.</param>
    public TrainerState? Load(AdamW optimiser, List<float> losses, Action<string> note)
    {
        foreach (var path in Steps().OrderDescending().Select(PathOf))
        {
            try
            {
                using var file = SafetensorsFile.Open(path);
                return Load(file, optimiser, losses);
            }
            catch (Exception error) when (error is ModelFormatException or JsonException or IOException or KeyNotFoundException)
            {
                note($"The checkpoint cannot be read and is left aside: {error.Message}");
            }
        }

        return null;
    }

    /// <summary>Writes a checkpoint, then removes those that are no longer needed.</summary>
    /// <param name="state">The state.</param>
    /// <param name="optimiser">The optimiser's.</param>
    /// <param name="losses">The losses of all steps.</param>
    public void Save(TrainerState state, AdamW optimiser, List<float> losses)
    {
        var tensors = Weights.Concat(optimiser.State).Select(t => FloatMemory.Output(t.Name, t.Value)).ToList();
        if (losses.Count > 0)
        {
            tensors.Add(TensorOutput.Of(LossesName, losses.ToArray(), losses.Count));
        }

        var json = JsonSerializer.Serialize(state, TrainerStateJson.Default.TrainerState);
        SafetensorsWriter.Write(PathOf(state.Step), tensors, new Dictionary<string, string>(StringComparer.Ordinal) { [StateKey] = json });
        RemoveOld();
    }

    /// <summary>Writes the weights as the best so far. It is done before the checkpoint that says so.</summary>
    public void SaveBest(int step) => SafetensorsWriter.Write(BestPathOf(step), [.. Weights.Select(t => FloatMemory.Output(t.Name, t.Value))]);

    /// <summary>Puts the best weights in place.</summary>
    public void LoadBest(int step)
    {
        using var file = SafetensorsFile.Open(BestPathOf(step));
        Fill(file, Weights);
    }

    /// <summary>Lets the folder go.</summary>
    public void Dispose() => _lock.Dispose();

    private TrainerState Load(SafetensorsFile file, AdamW optimiser, List<float> losses)
    {
        var state = JsonSerializer.Deserialize(file.Metadata[StateKey], TrainerStateJson.Default.TrainerState) ?? throw new JsonException("the state is null.");
        if (state.Best is { } best && !File.Exists(BestPathOf(best.Step)))
        {
            throw new FileNotFoundException($"{BestPathOf(best.Step)}, the best weights, is missing.");
        }

        Fill(file, Weights.Concat(optimiser.State));
        optimiser.Steps = state.OptimiserSteps;
        losses.Clear();
        if (file.Tensors.Find(LossesName) is { } found)
        {
            for (var row = 0; row < found.Rows; row++)
            {
                losses.AddRange(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(found.Row(row)));
            }
        }

        return state;
    }

    /// <summary>Looks for all tensors before it changes one.</summary>
    private static void Fill(SafetensorsFile file, IEnumerable<(string Name, TorchSharp.torch.Tensor Value)> tensors)
    {
        foreach (var (value, found) in tensors.Select(t => (t.Value, FloatMemory.Find(file, t.Name, t.Value))).ToList())
        {
            FloatMemory.Fill(value, found);
        }
    }

    private void RemoveOld()
    {
        var steps = Steps().OrderDescending().ToList();
        var kept = steps.Take(Kept).ToList();
        foreach (var step in steps.Skip(Kept))
        {
            File.Delete(PathOf(step));
        }

        // The kept checkpoints name two best ones at most, and those are the newest that are not newer than they.
        var bests = Steps("best-").OrderDescending().ToList();
        var needed = kept.Select(step => bests.FirstOrDefault(best => best <= step)).ToHashSet();
        foreach (var best in bests.Where(b => b < kept[0] && !needed.Contains(b)))
        {
            File.Delete(BestPathOf(best));
        }
    }

    private IEnumerable<int> Steps(string kind = "")
    {
        var begin = $"{_identity}-{kind}";
        foreach (var path in Directory.EnumerateFiles(_folder, begin + "*" + Extension))
        {
            var number = Path.GetFileNameWithoutExtension(path)[begin.Length..];
            if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var step))
            {
                yield return step;
            }
        }
    }

    private string PathOf(int step) => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{_identity}-{step:00000000}{Extension}"));

    private string BestPathOf(int step) => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{_identity}-best-{step:00000000}{Extension}"));

    private static FileStream Lock(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new FileStream(Path.Combine(folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException(ErrorCodes.TrainingFailed, $"{folder}: the folder of checkpoints cannot be used; perhaps another training has it. Wait for that one or give this one a folder of its own. ({error.Message})", error);
        }
    }
}
