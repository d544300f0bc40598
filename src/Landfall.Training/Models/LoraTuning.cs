using System.Text.Json.Nodes;
using Landfall.Inference.Formats;
using Landfall.Inference.Formats.Export;
using Landfall.Inference.Tensors;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Training;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Landfall.Training.Models;

/// <summary>
/// LoRA: a pair of low-rank matrices beside each target matrix, which is frozen. A begins at random and B at 0, so that nothing
/// is changed at first.
/// </summary>
internal sealed class LoraTuning : Adaptation
{
    private static readonly DecoderNames Names = DecoderNames.HuggingFace();
    private readonly string _basis;
    private readonly Device _device;
    private readonly Generator _generator;
    private readonly List<TrainedTensor> _trained = [];
    private readonly List<string> _modules;
    private readonly int _rank;
    private readonly double _alpha;
    private readonly double _dropout;
    private readonly bool _rankStabilised;

    /// <param name="settings">Rank, alpha, dropout, modules.</param>
    /// <param name="basis">The base's folder.</param>
    /// <param name="seed">For what begins at random.</param>
    /// <param name="device">Where it computes.</param>
    /// <exception cref="TrainingException">A setting is out of its range.</exception>
    public LoraTuning(TuningSettings settings, string basis, int seed, Device device)
    {
        (_basis, _device, _generator) = (basis, device, new Generator((ulong)seed, CPU));
        _rank = settings.Rank ?? 8;
        _alpha = settings.Alpha ?? 2 * _rank;
        _dropout = settings.Dropout ?? 0;
        _rankStabilised = settings.RankStabilised ?? false;
        var known = Enum.GetValues<LinearPart>().Select(Module).ToList();
        _modules = settings.TargetModules is { Count: > 0 } chosen ? [.. chosen] : known;
        Check(_rank is >= 1 and <= 1 << 14, $"LoRA's rank is {_rank}; choose one from 1 to 16384.");
        Check(double.IsFinite(_alpha) && _alpha > 0, $"LoRA's alpha is {_alpha}; choose a number above 0.");
        Check(_dropout is >= 0 and < 1, $"LoRA's dropout is {_dropout}; choose a share from 0 to below 1.");
        foreach (var module in _modules)
        {
            Check(known.Contains(module, StringComparer.Ordinal), $"LoRA has the target module '{module}', which is none of the layers' matrices: {string.Join(", ", known)}.");
        }
    }

    public override IReadOnlyList<TrainedTensor> Trained => _trained;

    /// <summary>What the product of a pair is multiplied by.</summary>
    public double Scale => _rankStabilised ? _alpha / Math.Sqrt(_rank) : _alpha / _rank;

    /// <summary>Puts a pair beside a linear layer, if it is a target.</summary>
    /// <param name="name">Its name, such as <c>model.layers.0.self_attn.q_proj</c>.</param>
    /// <param name="part">Which it is.</param>
    /// <param name="inner">The frozen layer.</param>
    /// <param name="rows">Its outputs.</param>
    /// <param name="columns">Its inputs.</param>
    public LinearLayer Wrap(string name, LinearPart part, LinearLayer inner, int rows, int columns)
    {
        if (!_modules.Contains(Module(part), StringComparer.Ordinal))
        {
            return inner;
        }

        using var scope = NewDisposeScope();
        var bound = 1 / Math.Sqrt(columns);
        var a = ((rand(_rank, columns, generator: _generator) * (2 * bound)) - bound).to(_device).DetachFromDisposeScope();
        var b = zeros(rows, _rank, device: _device).DetachFromDisposeScope();
        _trained.Add(new TrainedTensor($"base_model.model.{name}.lora_A.weight", a, Decays: true));
        _trained.Add(new TrainedTensor($"base_model.model.{name}.lora_B.weight", b, Decays: true));
        return new LoraLinear(inner, a, b, Scale, _dropout);
    }

    public override void Save(string folder) => PeftFolder.Write(folder, _basis, "LORA", new JsonObject
    {
        ["alpha_pattern"] = new JsonObject(),
        ["bias"] = "none",
        ["fan_in_fan_out"] = false,
        ["init_lora_weights"] = true,
        ["layers_pattern"] = null,
        ["layers_to_transform"] = null,
        ["lora_alpha"] = _alpha,
        ["lora_dropout"] = _dropout,
        ["modules_to_save"] = null,
        ["r"] = _rank,
        ["rank_pattern"] = new JsonObject(),
        ["target_modules"] = new JsonArray([.. _modules.Select(module => JsonValue.Create(module))]),
        ["use_dora"] = false,
        ["use_rslora"] = _rankStabilised,
    }, [.. _trained.Select(NamedWeight.Of)]);

    /// <summary>Writes the base as its files have it, with the pairs multiplied out and added, matrix by matrix.</summary>
    /// <param name="folder">The folder; it is made.</param>
    /// <param name="type">The type of matrices; null: the base's.</param>
    public void Merge(string folder, TensorType? type)
    {
        using var files = ModelFiles.Open(_basis);
        var weights = PlacedWeight.Of(files, Names, EncoderNames.HuggingFace(string.Empty));
        ModelFolder.Write(folder, files.Config, weights.ConvertAll(Merged), type ?? files.Decoder!.Layers[0].Query.Weight.Type, _basis);
    }

    private NamedWeight Merged(PlacedWeight weight) => weight.Matrix is not { } matrix
        ? new NamedWeight(weight.Name, [weight.Vector!.Length], () => tensor(weight.Vector))
        : new NamedWeight(weight.Name, matrix.Shape, () =>
        {
            var stored = WeightLoading.Load(matrix, ScalarType.Float32, CPU);
            var index = _trained.FindIndex(tensor => tensor.Name == $"base_model.model.{weight.Name[..^".weight".Length]}.lora_A.weight");
            return index < 0 ? stored : stored.add_(_trained[index + 1].Value.matmul(_trained[index].Value).cpu() * Scale);
        });

    public override void Dispose() => _generator.Dispose();

    private static string Module(LinearPart part) => part.Name(Names)[(part.Name(Names).LastIndexOf('.') + 1)..];

    private static void Check(bool holds, string message)
    {
        if (!holds)
        {
            throw new TrainingException(ErrorCodes.BadRequest, message);
        }
    }
}
