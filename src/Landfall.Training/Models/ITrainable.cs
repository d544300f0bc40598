using static TorchSharp.torch;

namespace Landfall.Training.Models;

/// <summary>A model with some numbers to train: what the trainer knows of it.</summary>
public interface ITrainable : IDisposable
{
    /// <summary>What is trained, in an order that does not change.</summary>
    IReadOnlyList<TrainedTensor> Trained { get; }

    /// <summary>The sum of the cross-entropy over the batch's targets (or, with labels, over its segments), in nats. Scalar, F32.</summary>
    /// <param name="batch">What to learn from.</param>
    /// <param name="training">Whether dropout drops.</param>
    Tensor Loss(TokenBatch batch, bool training);

    /// <summary>The classification head's logits of each segment, <c>[segments, labels]</c>, F32.</summary>
    /// <exception cref="InvalidOperationException">There is no head.</exception>
    Tensor Classify(TokenBatch batch);

    /// <summary>Writes the result: a model's folder or a PEFT adapter, and the head.</summary>
    /// <param name="folder">A folder; it is made.</param>
    void Save(string folder);
}

/// <summary>A trained tensor: a leaf that has a gradient.</summary>
/// <param name="Name">Its name in checkpoints.</param>
/// <param name="Value">The numbers, F32.</param>
/// <param name="Decays">Whether weight decay holds for it (matrices; not norms and biases).</param>
public sealed record TrainedTensor(string Name, Tensor Value, bool Decays);
