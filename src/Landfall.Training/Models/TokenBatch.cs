using static TorchSharp.torch;

namespace Landfall.Training.Models;

/// <summary>
/// Packed examples: several in a row, one after another. A token sees those of its own segment that are not after it,
/// and no others, and positions begin at 0 in each segment.
/// </summary>
public sealed class TokenBatch : IDisposable
{
    /// <summary>No target at this position: the loss looks away.</summary>
    public const long NoTarget = -100;

    /// <summary><c>[rows, length]</c>, int64.</summary>
    public required Tensor Tokens { get; init; }

    /// <summary><c>[rows, length]</c>, int64: places within the segment.</summary>
    public required Tensor Positions { get; init; }

    /// <summary><c>[rows, length]</c>, int64: the segment's number in the batch, from 0; -1: padding.</summary>
    public required Tensor Segments { get; init; }

    /// <summary><c>[rows, length]</c>, int64: the token to be predicted at this position (the next one), or <see cref="NoTarget"/>.</summary>
    public required Tensor Targets { get; init; }

    /// <summary><c>[segments]</c>, int64: with a classification head, each segment's label; null otherwise.</summary>
    public Tensor? Labels { get; init; }

    /// <summary>Segments in the batch.</summary>
    public required int SegmentCount { get; init; }

    /// <summary>Targets that the loss is summed over: tokens, or segments with labels.</summary>
    public required int TargetCount { get; init; }

    /// <summary>Tokens without padding.</summary>
    public required int TokenCount { get; init; }

    /// <summary>Lets the tensors go.</summary>
    public void Dispose()
    {
        Tokens.Dispose();
        Positions.Dispose();
        Segments.Dispose();
        Targets.Dispose();
        Labels?.Dispose();
    }
}
