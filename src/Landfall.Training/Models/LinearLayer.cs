using TorchSharp;
using static TorchSharp.torch;

namespace Landfall.Training.Models;

/// <summary>A linear layer of the decoder: the base's, or the base's with something beside it.</summary>
internal abstract class LinearLayer : IDisposable
{
    /// <summary><c>[tokens, inputs]</c> to <c>[tokens, outputs]</c>.</summary>
    /// <param name="input">In the type that products are computed in.</param>
    /// <param name="training">Whether dropout drops.</param>
    public abstract Tensor Forward(Tensor input, bool training);

    /// <summary>The base's matrix as it is, in F32.</summary>
    public abstract Tensor Weight();

    public abstract void Dispose();
}

/// <summary>A matrix and its bias; both trained, or both not.</summary>
/// <param name="weight"><c>[outputs, inputs]</c>, F32 or BF16.</param>
/// <param name="bias"><c>[outputs]</c>, F32.</param>
internal sealed class DenseLinear(Tensor weight, Tensor? bias) : LinearLayer
{
    public override Tensor Forward(Tensor input, bool training) => nn.functional.linear(input, weight.to(input.dtype), bias?.to(input.dtype));

    public override Tensor Weight() => weight.to(ScalarType.Float32);

    public override void Dispose()
    {
        weight.Dispose();
        bias?.Dispose();
    }
}
