using System.Text.Json.Nodes;
using Landfall.Inference.Models;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Landfall.Training.Models;

/// <summary>Learned virtual tokens before each text; all of the base is frozen.</summary>
internal abstract class VirtualTokenTuning : Adaptation
{
    /// <summary>PEFT's name for what is learned.</summary>
    protected const string Name = "prompt_embeddings";

    protected VirtualTokenTuning(TuningSettings settings)
    {
        var count = settings.VirtualTokens ?? 16;
        VirtualTokens = count is >= 1 and <= 1 << 14 ? count
            : throw new TrainingException(ErrorCodes.BadRequest, $"The number of virtual tokens is {count}; choose one from 1 to 16384.");
    }

    public sealed override int VirtualTokens { get; }

    public override IReadOnlyList<TrainedTensor> Trained => [new(Name, Learned, Decays: false)];

    /// <summary>What is learned, <c>[virtual tokens, width]</c>, F32.</summary>
    protected abstract Tensor Learned { get; }

    /// <summary>Tokens to begin as: some of the vocabulary's, by lot.</summary>
    /// <returns><c>[virtual tokens]</c>, int64.</returns>
    protected Tensor DrawTokens(int vocabulary, int seed, Device device)
    {
        using var generator = new Generator((ulong)seed, CPU);
        return randint(0, vocabulary, [VirtualTokens], ScalarType.Int64, generator: generator).to(device);
    }

    public override void Dispose() => Learned.Dispose();
}

/// <summary>
/// Prompt tuning (Lester et al., arXiv 2104.08691): the virtual tokens are embeddings. They begin as those of words of the
/// vocabulary, which the paper found better than random numbers.
/// </summary>
internal sealed class PromptTuning : VirtualTokenTuning
{
    private readonly ModelConfig _config;
    private readonly string _basis;

    public PromptTuning(TuningSettings settings, Decoder decoder, string basis, int seed)
        : base(settings)
    {
        (_config, _basis) = (decoder.Config, basis);
        using var scope = NewDisposeScope();
        var tokens = DrawTokens(_config.VocabularySize, seed, decoder.TokenEmbedding.device);
        Learned = decoder.TokenEmbedding.index_select(0, tokens).to(ScalarType.Float32).DetachFromDisposeScope();
    }

    public override Tensor Embeddings => Learned;

    protected override Tensor Learned { get; }

    public override void Save(string folder) => PeftFolder.Write(folder, _basis, "PROMPT_TUNING", new JsonObject
    {
        ["num_attention_heads"] = _config.HeadCount,
        ["num_layers"] = _config.LayerCount,
        ["num_transformer_submodules"] = 1,
        ["num_virtual_tokens"] = VirtualTokens,
        ["prompt_tuning_init"] = "RANDOM",
        ["prompt_tuning_init_text"] = null,
        ["token_dim"] = _config.HiddenSize,
        ["tokenizer_name_or_path"] = null,
    }, [.. Trained.Select(NamedWeight.Of)]);
}

/// <summary>
/// Prefix tuning (Li and Liang, arXiv 2101.00190): the virtual tokens are keys and values of each layer, learned directly. They
/// begin as those that the base computes for words of its vocabulary: training is unstable from random numbers (the paper's
/// section 7.4), which its detour over a wider network is to mend as well.
/// </summary>
internal sealed class PrefixTuning : VirtualTokenTuning
{
    private readonly ModelConfig _config;
    private readonly string _basis;

    public PrefixTuning(TuningSettings settings, Decoder decoder, string basis, int seed)
        : base(settings)
    {
        (_config, _basis) = (decoder.Config, basis);
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var tokens = DrawTokens(_config.VocabularySize, seed, decoder.TokenEmbedding.device).unsqueeze(0);
        var input = PackedInput.Of(VirtualTokens, new Rotation(_config), tokens.device);
        var kept = new List<(Tensor Keys, Tensor Values)>();
        decoder.Forward(tokens, input, adaptation: null, wanted: null, training: false, kept);
        var parts = kept.SelectMany(layer => new[] { layer.Keys, layer.Values }).ToList();
        Learned = stack(parts, dim: 1).view(VirtualTokens, -1).to(ScalarType.Float32).contiguous().DetachFromDisposeScope();
    }

    protected override Tensor Learned { get; }

    public override (Tensor Keys, Tensor Values)? KeysAndValues(int layer)
    {
        var split = Learned.view(VirtualTokens, _config.LayerCount * 2, _config.KeyValueHeadCount, _config.HeadSize);
        return (split.select(1, layer * 2), split.select(1, (layer * 2) + 1));
    }

    public override void Save(string folder) => PeftFolder.Write(folder, _basis, "PREFIX_TUNING", new JsonObject
    {
        ["encoder_hidden_size"] = null,
        ["num_attention_heads"] = _config.KeyValueHeadCount,
        ["num_layers"] = _config.LayerCount,
        ["num_transformer_submodules"] = 1,
        ["num_virtual_tokens"] = VirtualTokens,
        ["prefix_projection"] = false,
        ["token_dim"] = _config.KeyValueWidth,
    }, [.. Trained.Select(NamedWeight.Of)]);
}
