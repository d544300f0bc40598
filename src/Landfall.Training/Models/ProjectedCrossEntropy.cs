using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Landfall.Training.Models;

/// <summary>
/// The sum of the cross-entropy of logits <c>hidden weight'</c>, without holding all logits: they are computed some rows at a
/// time, and their gradient takes their place at once. Both gradients are there when the forward pass ends.
/// </summary>
internal sealed class ProjectedCrossEntropy : autograd.SingleTensorFunction<ProjectedCrossEntropy>
{
    private const long ChunkValues = 1 << 23;

    /// <inheritdoc/>
    public override string Name => nameof(ProjectedCrossEntropy);

    /// <summary>The sum over the rows, a scalar in F32.</summary>
    /// <param name="hidden"><c>[rows, hidden]</c>, F32.</param>
    /// <param name="weight">The output projection, <c>[vocabulary, hidden]</c>.</param>
    /// <param name="targets"><c>[rows]</c>, int64.</param>
    /// <param name="type">The type of the matrix products.</param>
    public static Tensor Sum(Tensor hidden, Tensor weight, Tensor targets, ScalarType type) => is_grad_enabled() && (hidden.requires_grad || weight.requires_grad)
        ? apply(hidden, weight, targets, type, hidden.requires_grad, weight.requires_grad)
        : Compute(hidden, weight, targets, type, null, null);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (hidden, weight, targets, type) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (ScalarType)vars[3]);
        var ofHidden = (bool)vars[4] ? empty_like(hidden) : null;
        var ofWeight = (bool)vars[5] ? zeros(weight.shape, device: weight.device) : null;
        var sum = Compute(hidden, weight, targets, type, ofHidden, ofWeight);
        ctx.save_for_backward([.. new[] { ofHidden, ofWeight }.OfType<Tensor>()]);
        ctx.save_data(nameof(hidden), ofHidden is not null);
        ctx.save_data(nameof(weight), ofWeight is not null);
        return sum;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var saved = new Queue<Tensor>(ctx.get_saved_variables());
        var ofHidden = (bool)ctx.get_data("hidden") ? saved.Dequeue() * grad_output : null;
        var ofWeight = (bool)ctx.get_data("weight") ? saved.Dequeue() * grad_output : null;
        return [ofHidden!, ofWeight!, null!, null!, null!, null!];
    }

    private static Tensor Compute(Tensor hidden, Tensor weight, Tensor targets, ScalarType type, Tensor? ofHidden, Tensor? ofWeight)
    {
        using var scope = NewDisposeScope();
        var inputs = hidden.to(type);
        var projection = weight.to(type);
        var sum = zeros(1, device: hidden.device);
        var rows = Math.Max(1, ChunkValues / weight.shape[0]);
        for (var first = 0L; first < hidden.shape[0]; first += rows)
        {
            using var chunkScope = NewDisposeScope();
            var count = Math.Min(rows, hidden.shape[0] - first);
            var chunk = inputs.narrow(0, first, count);
            var logits = chunk.matmul(projection.t()).to(ScalarType.Float32);
            sum.add_(SumAndGradient(logits, targets.narrow(0, first, count)));
            if (ofHidden is null && ofWeight is null)
            {
                continue;
            }

            var gradient = logits.to(type);
            ofHidden?.narrow(0, first, count).copy_(gradient.matmul(projection));
            ofWeight?.add_(gradient.t().matmul(chunk));
        }

        return sum.view([]).MoveToOuterDisposeScope();
    }

    /// <summary>The rows' cross-entropy; the logits become its gradient, softmax less one at the target.</summary>
    private static Tensor SumAndGradient(Tensor logits, Tensor targets)
    {
        if (logits.device_type == DeviceType.CPU)
        {
            return tensor((float)OnProcessor(logits, targets));
        }

        var places = targets.unsqueeze(1);
        var surprise = logits.logsumexp(1, keepdim: true);
        var sum = (surprise - logits.gather(1, places)).sum();
        logits.sub_(surprise).exp_().scatter_add_(1, places, full_like(places, -1, dtype: ScalarType.Float32));
        return sum;
    }

    private static unsafe double OnProcessor(Tensor logits, Tensor targets)
    {
        var (rows, width) = ((int)logits.shape[0], (int)logits.shape[1]);
        var places = targets.data<long>().ToArray();
        var sums = new double[rows];
        fixed (byte* bytes = logits.bytes)
        {
            var address = (nint)bytes;
            Parallel.For(0, rows, new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() }, row =>
            {
                var values = new Span<float>((float*)address + ((long)row * width), width);
                var largest = TensorPrimitives.Max<float>(values);
                var target = values[(int)places[row]] - largest;
                TensorPrimitives.Subtract(values, largest, values);
                TensorPrimitives.Exp<float>(values, values);
                var total = TensorPrimitives.Sum<float>(values);
                TensorPrimitives.Multiply(values, 1 / total, values);
                values[(int)places[row]] -= 1;
                sums[row] = Math.Log(total) - target;
            });
        }

        // One order of summation, whatever threads there are.
        return sums.Sum();
    }
}
