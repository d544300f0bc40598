using Landfall.Training.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Landfall.Training.Tuning;

/// <summary>
/// AdamW (Loshchilov and Hutter, arXiv 1711.05101): Adam whose weight decay is apart from the gradient. On the processor
/// one pass of vector code over all tensors' memory does what libtorch's operations would do in ten.
/// </summary>
public sealed class AdamW : IDisposable
{
    private readonly IReadOnlyList<TrainedTensor> _trained;
    private readonly List<Tensor> _means = [];
    private readonly List<Tensor> _squares = [];
    private readonly AdamWSettings _settings;

    /// <param name="trained">What is trained.</param>
    /// <param name="settings">The moments' decay and the weights'.</param>
    public AdamW(IReadOnlyList<TrainedTensor> trained, AdamWSettings settings)
    {
        _trained = trained;
        _settings = settings;
        foreach (var tensor in trained)
        {
            if (tensor.Value.dtype != ScalarType.Float32 || !tensor.Value.is_contiguous())
            {
                throw new ArgumentException($"'{tensor.Name}' is {tensor.Value.dtype}: what is trained must be contiguous Float32.", nameof(trained));
            }

            _means.Add(zeros_like(tensor.Value, requires_grad: false).DetachFromDisposeScope());
            _squares.Add(zeros_like(tensor.Value, requires_grad: false).DetachFromDisposeScope());
        }
    }

    /// <summary>Steps done.</summary>
    public int Steps { get; set; }

    /// <summary>Bytes of the state.</summary>
    public long StateBytes => _means.Concat(_squares).Sum(t => t.numel() * sizeof(float));

    /// <summary>The state by name: the gradients' running mean and the running mean of their squares.</summary>
    public IEnumerable<(string Name, Tensor Value)> State =>
        _trained.Select((t, i) => ("mean." + t.Name, _means[i])).Concat(_trained.Select((t, i) => ("square." + t.Name, _squares[i])));

    /// <summary>The length of all gradients together; not finite where one of them is not.</summary>
    public double GradientNorm()
    {
        using var scope = NewDisposeScope();
        var parts = Parts();
        return parts is null ? Math.Sqrt(Gradients().Sum(g => g.Gradient.to(ScalarType.Float64).square().sum().item<double>())) : AdamWKernel.Norm(parts, get_num_threads());
    }

    /// <summary>One step along the gradients. A tensor without a gradient stays as it is.</summary>
    /// <param name="learningRate">The learning rate.</param>
    /// <param name="gradientScale">What gradients are multiplied by, for clipping.</param>
    public void Step(double learningRate, double gradientScale = 1)
    {
        using var scope = NewDisposeScope();
        Steps++;
        var numbers = new AdamWNumbers(_settings, learningRate, gradientScale, Steps);
        if (Parts() is { } parts)
        {
            AdamWKernel.Step(parts, numbers, get_num_threads());
            return;
        }

        using var guard = no_grad();
        foreach (var (index, gradient) in Gradients())
        {
            var (value, mean, square) = (_trained[index].Value, _means[index], _squares[index]);
            var scaled = gradient * gradientScale;
            value.mul_(_trained[index].Decays ? numbers.Keep : 1);
            mean.mul_(_settings.Beta1).add_(scaled, alpha: 1 - _settings.Beta1);
            square.mul_(_settings.Beta2).addcmul_(scaled, scaled, value: 1 - _settings.Beta2);
            value.addcdiv_(mean, square.sqrt().mul_(numbers.RootScale).add_(_settings.Epsilon), value: -numbers.Rate);
        }
    }

    /// <summary>Lets all gradients go.</summary>
    public void ClearGradients()
    {
        foreach (var tensor in _trained)
        {
            tensor.Value.grad = null;
        }
    }

    /// <summary>Lets the state go.</summary>
    public void Dispose()
    {
        _means.ForEach(t => t.Dispose());
        _squares.ForEach(t => t.Dispose());
    }

    private IEnumerable<(int Index, Tensor Gradient)> Gradients()
    {
        for (var index = 0; index < _trained.Count; index++)
        {
            if (_trained[index].Value.grad is { } gradient)
            {
                yield return (index, gradient);
            }
        }
    }

    /// <summary>The memory to go over; null where it is not the processor's.</summary>
    private unsafe List<AdamWPart>? Parts()
    {
        List<AdamWPart> parts = [];
        foreach (var (index, given) in Gradients())
        {
            var tensor = _trained[index];
            if (tensor.Value.device_type != DeviceType.CPU)
            {
                return null;
            }

            var gradient = given.is_contiguous() ? given : given.contiguous();
            var value = FloatMemory.Pointer(tensor.Value);
            var slope = FloatMemory.Pointer(gradient);
            var mean = FloatMemory.Pointer(_means[index]);
            var square = FloatMemory.Pointer(_squares[index]);
            for (var begin = 0L; begin < tensor.Value.numel(); begin += AdamWKernel.PartLength)
            {
                var length = (int)Math.Min(AdamWKernel.PartLength, tensor.Value.numel() - begin);
                parts.Add(new AdamWPart(value + begin, slope + begin, mean + begin, square + begin, length, tensor.Decays));
            }
        }

        return parts;
    }
}

/// <summary>AdamW's numbers that stay.</summary>
public sealed record AdamWSettings
{
    /// <summary>The share of the gradients' running mean that stays at each step.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>The same of the mean of their squares.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the mean square.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>The share of a decaying tensor that goes at each step, times the learning rate.</summary>
    public double WeightDecay { get; init; } = 0.01;
}
