using Landfall.Inference.Formats;
using Landfall.Inference.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Landfall.Training.Models;

/// <summary>Tells a segment's label from the mean of its hidden states.</summary>
internal sealed class ClassificationHead : IDisposable
{
    /// <summary>The file of its weights: <c>weight [labels, hidden]</c> and <c>bias [labels]</c>, F32.</summary>
    public const string FileName = "classifier.safetensors";

    private const double Deviation = 0.02;
    private readonly Tensor _weight;
    private readonly Tensor _bias;

    public ClassificationHead(int labels, int hidden, int seed, Device device)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        _weight = (randn(labels, hidden, generator: generator) * Deviation).to(device).requires_grad_(true).DetachFromDisposeScope();
        _bias = zeros(labels, device: device, requires_grad: true).DetachFromDisposeScope();
        Trained = [new TrainedTensor("classifier.weight", _weight, Decays: true), new TrainedTensor("classifier.bias", _bias, Decays: false)];
    }

    public IReadOnlyList<TrainedTensor> Trained { get; }

    /// <summary>Logits, <c>[segments, labels]</c>.</summary>
    /// <param name="hidden">Hidden states of all segments' tokens, <c>[tokens, hidden]</c>.</param>
    /// <param name="segments">Each token's segment, <c>[tokens]</c>, int64.</param>
    /// <param name="count">Segments.</param>
    public Tensor Forward(Tensor hidden, Tensor segments, int count)
    {
        var sums = zeros(count, hidden.shape[1], device: hidden.device).index_add(0, segments, hidden, 1);
        var tokens = zeros(count, 1, device: hidden.device).index_add(0, segments, ones(hidden.shape[0], 1, device: hidden.device), 1);
        return nn.functional.linear(sums / tokens, _weight, _bias);
    }

    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        SafetensorsWriter.Write(Path.Combine(folder, FileName),
        [
            ModelFolder.Output(NamedWeight.Of(Trained[0]) with { Name = "weight" }, TensorType.F32),
            ModelFolder.Output(NamedWeight.Of(Trained[1]) with { Name = "bias" }, TensorType.F32),
        ]);
    }

    public void Dispose()
    {
        _weight.Dispose();
        _bias.Dispose();
    }
}
