using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Landfall.Inference.Formats;
using Landfall.Inference.Tensors;

namespace Landfall.Platform.Candidates.Techniques.Tuning;

/// <summary>A classification head: <c>weight [labels, hidden]</c> times the mean hidden state, plus <c>bias [labels]</c>.</summary>
internal sealed class ClassifierHead
{
    private readonly float[][] _weight;
    private readonly float[] _bias;

    private ClassifierHead(float[][] weight, float[] bias) => (_weight, _bias) = (weight, bias);

    /// <summary>Reads <c>classifier.safetensors</c>.</summary>
    /// <exception cref="Inference.ModelFormatException">It is damaged, or has other shapes.</exception>
    public static ClassifierHead Open(string path, int labels, int hidden)
    {
        using var file = SafetensorsFile.Open(path);
        var (weight, bias) = (file.Tensors.Get("weight"), file.Tensors.Get("bias"));
        return weight is { Type: TensorType.F32, Shape: [var rows, var columns] } && rows == labels && columns == hidden
            && bias is { Type: TensorType.F32, Shape: [var count] } && count == labels
            ? new ClassifierHead([.. Enumerable.Range(0, labels).Select(r => MemoryMarshal.Cast<byte, float>(weight.Row(r)).ToArray())], MemoryMarshal.Cast<byte, float>(bias.Row(0)).ToArray())
            : throw new Inference.ModelFormatException(path, $"holds no head for {labels} labels over {hidden} values.");
    }

    /// <summary>One logit per label.</summary>
    public float[] Score(ReadOnlySpan<float> hidden)
    {
        var scores = new float[_bias.Length];
        for (var label = 0; label < scores.Length; label++)
        {
            scores[label] = TensorPrimitives.Dot(_weight[label], hidden) + _bias[label];
        }

        return scores;
    }
}
