using System.Numerics.Tensors;

namespace Landfall.Training.Quantisation;

/// <summary>
/// Scales of blocks in eight bits each (double quantisation, arXiv 2305.14314, section 3): what they are above or below their
/// mean, 256 to a scale of their own.
/// </summary>
internal sealed class DoubleQuantisedScales
{
    /// <summary>Scales that share a scale.</summary>
    public const int GroupLength = 256;

    private const int Largest = sbyte.MaxValue;
    private readonly float _mean;
    private readonly sbyte[] _codes;
    private readonly float[] _steps;

    /// <param name="scales">The scales.</param>
    public DoubleQuantisedScales(ReadOnlySpan<float> scales)
    {
        _mean = TensorPrimitives.Sum(scales) / scales.Length;
        _codes = new sbyte[scales.Length];
        _steps = new float[(scales.Length + GroupLength - 1) / GroupLength];
        var centred = new float[GroupLength];
        for (var first = 0; first < scales.Length; first += GroupLength)
        {
            var group = centred.AsSpan(0, Math.Min(GroupLength, scales.Length - first));
            TensorPrimitives.Subtract(scales.Slice(first, group.Length), _mean, group);
            var step = MathF.Abs(TensorPrimitives.MaxMagnitude<float>(group)) / Largest;
            _steps[first / GroupLength] = step;
            for (var index = 0; index < group.Length && step > 0; index++)
            {
                _codes[first + index] = (sbyte)Math.Clamp(MathF.Round(group[index] / step), -Largest, Largest);
            }
        }
    }

    /// <summary>Bytes that it takes.</summary>
    public long Bytes => _codes.Length + (sizeof(float) * (_steps.Length + 1L));

    /// <summary>Scales.</summary>
    public int Count => _codes.Length;

    /// <summary>A block's scale.</summary>
    public float this[int block] => _mean + (_codes[block] * _steps[block / GroupLength]);
}
