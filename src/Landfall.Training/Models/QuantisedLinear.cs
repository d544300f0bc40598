using Landfall.Training.Quantisation;
using TorchSharp;
using static TorchSharp.torch;

namespace Landfall.Training.Models;

/// <summary>A frozen linear layer in four bits: the matrix is decoded for the forward pass, and once more for the backward pass.</summary>
/// <param name="matrix"><c>[outputs, inputs]</c></param>
/// <param name="bias"><c>[outputs]</c>, F32.</param>
internal sealed class QuantisedLinear(Nf4Matrix matrix, Tensor? bias) : LinearLayer
{
    public override Tensor Forward(Tensor input, bool training)
    {
        var product = DecodedProduct.apply(input, matrix);
        return bias is null ? product : product + bias.to(input.dtype);
    }

    public override void Dispose() => bias?.Dispose();

    /// <summary><c>x W'</c>, with the gradient <c>g W</c> for x.</summary>
    private sealed class DecodedProduct : autograd.SingleTensorFunction<DecodedProduct>
    {
        private const string Matrix = "matrix";

        public override string Name => nameof(DecodedProduct);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var (input, matrix) = ((Tensor)vars[0], (Nf4Matrix)vars[1]);
            ctx.save_data(Matrix, matrix);
            using var weight = matrix.Decode(input.dtype, input.device);
            return input.matmul(weight.t());
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            using var weight = ((Nf4Matrix)ctx.get_data(Matrix)).Decode(grad_output.dtype, grad_output.device);
            return [grad_output.matmul(weight), null!];
        }
    }
}
