using Landfall.Inference.Formats;
using Landfall.Inference.Models;
using Landfall.Training.Quantisation;
using TorchSharp;
using static TorchSharp.torch;

namespace Landfall.Training.Models;

/// <summary>Where a decoder's weights come from, under Hugging Face's names.</summary>
internal abstract class WeightSource
{
    private readonly List<TrainedTensor> _taken = [];

    /// <summary>What was taken, in its order.</summary>
    public IReadOnlyList<TrainedTensor> Taken => _taken;

    public Tensor TakeMatrix(string name, int rows, int columns) => Keep(name, Matrix(name, rows, columns), decays: true);

    public Tensor TakeVector(string name, int length) => Keep(name, Vector(name, length, 1), decays: false);

    public virtual LinearLayer TakeLinear(string name, int rows, int columns) => new DenseLinear(TakeMatrix($"{name}.weight", rows, columns), TakeBias(name, rows));

    protected Tensor? TakeBias(string name, int rows) => HasBias(name) ? Keep($"{name}.bias", Vector($"{name}.bias", rows, 0), decays: false) : null;

    protected abstract bool HasBias(string name);

    protected abstract Tensor Matrix(string name, int rows, int columns);

    /// <summary>A vector; new ones have the same value everywhere.</summary>
    protected abstract Tensor Vector(string name, int length, float value);

    private Tensor Keep(string name, Tensor value, bool decays)
    {
        _taken.Add(new TrainedTensor(name, value, decays));
        return value;
    }
}

/// <summary>Weights of a model's files, whose names and shapes are checked already.</summary>
/// <param name="files">The files.</param>
/// <param name="type">The type that matrices are held in.</param>
/// <param name="quantised">Whether the layers' matrices are held in four bits.</param>
/// <param name="device">Where they go.</param>
internal sealed class StoredWeights(ModelFiles files, ScalarType type, bool quantised, Device device) : WeightSource
{
    public override LinearLayer TakeLinear(string name, int rows, int columns) => quantised
        ? new QuantisedLinear(new Nf4Matrix(files.Tensors.Get($"{name}.weight")), TakeBias(name, rows))
        : base.TakeLinear(name, rows, columns);

    protected override bool HasBias(string name) => files.Tensors.Contains($"{name}.bias");

    protected override Tensor Matrix(string name, int rows, int columns) => WeightLoading.Load(files.Tensors.Get(name), type, device);

    protected override Tensor Vector(string name, int length, float value) => WeightLoading.Load(files.Tensors.Get(name), ScalarType.Float32, device).view(length).DetachFromDisposeScope();
}

/// <summary>
/// Random weights: normal with the deviation 0.02, and those that add to the residual stream smaller by the root of their
/// number (GPT-2), norms 1, biases 0.
/// </summary>
/// <param name="config">The shape.</param>
/// <param name="seed">The same seed gives the same weights.</param>
/// <param name="device">Where they go.</param>
internal sealed class RandomWeights(ModelConfig config, int seed, Device device) : WeightSource, IDisposable
{
    private const double Deviation = 0.02;
    private static readonly DecoderNames Names = DecoderNames.HuggingFace();

    // Drawn on the processor: the same on every device.
    private readonly Generator _generator = new((ulong)seed, CPU);

    protected override bool HasBias(string name) => config.Family == ModelFamily.Qwen2
        && new[] { Names.Query, Names.Key, Names.Value }.Any(part => name.EndsWith(part, StringComparison.Ordinal));

    protected override Tensor Matrix(string name, int rows, int columns)
    {
        using var scope = NewDisposeScope();
        var residual = new[] { Names.AttentionOutput, Names.Down }.Any(part => name.EndsWith($"{part}.weight", StringComparison.Ordinal));
        var drawn = randn(rows, columns, generator: _generator) * (residual ? Deviation / Math.Sqrt(2 * config.LayerCount) : Deviation);
        return drawn.to(device).DetachFromDisposeScope();
    }

    protected override Tensor Vector(string name, int length, float value) => full(length, value, device: device).DetachFromDisposeScope();

    public void Dispose() => _generator.Dispose();
}
