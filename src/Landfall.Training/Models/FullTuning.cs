using Landfall.Inference.Models;
using Landfall.Inference.Tensors;

namespace Landfall.Training.Models;

/// <summary>All weights are trained; the result is a model of its own.</summary>
/// <param name="config">The shape.</param>
/// <param name="weights">All weights.</param>
/// <param name="type">The type that matrices are written in.</param>
/// <param name="source">The base's folder; null: the model began with random weights.</param>
internal sealed class FullTuning(ModelConfig config, IReadOnlyList<TrainedTensor> weights, TensorType type, string? source) : Adaptation
{
    public override IReadOnlyList<TrainedTensor> Trained => weights;

    public override void Save(string folder) => ModelFolder.Write(folder, config, [.. weights.Select(NamedWeight.Of)], type, source);
}
