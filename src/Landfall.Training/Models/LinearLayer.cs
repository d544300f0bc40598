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

    public abstract void Dispose();
}

/// <summary>A matrix and its bias; both trained, or both not.</summary>
/// <param name="weight"><c>[outputs, inputs]</c>, F32 or BF16.</param>
/// <param name="bias"><c>[outputs]</c>, F32.</param>
internal sealed class DenseLinear(Tensor weight, Tensor? bias) : LinearLayer
{
    public override Tensor Forward(Tensor input, bool training) => nn.functional.linear(input, weight.to(input.dtype), bias?.to(input.dtype));

    public override void Dispose()
    {
        weight.Dispose();
        bias?.Dispose();
    }
}

/// <summary>LoRA (Hu et al., arXiv 2106.09685): <c>y = W x + scale * B (A x)</c> with W frozen.</summary>
/// <param name="inner">W and its bias.</param>
/// <param name="a"><c>[rank, inputs]</c></param>
/// <param name="b"><c>[outputs, rank]</c></param>
/// <param name="scale">What the product is multiplied by.</param>
/// <param name="dropout">The share of inputs that A does not see in training.</param>
internal sealed class LoraLinear(LinearLayer inner, Tensor a, Tensor b, double scale, double dropout) : LinearLayer
{
    public override Tensor Forward(Tensor input, bool training)
    {
        var seen = dropout > 0 && training ? nn.functional.dropout(input, dropout, training: true) : input;
        var low = nn.functional.linear(seen, a.to(input.dtype)) * scale;
        return inner.Forward(input, training) + nn.functional.linear(low, b.to(input.dtype));
    }

    public override void Dispose()
    {
        inner.Dispose();
        a.Dispose();
        b.Dispose();
    }
}
