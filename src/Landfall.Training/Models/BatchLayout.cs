using TorchSharp;
using static TorchSharp.torch;

namespace Landfall.Training.Models;

/// <summary>
/// How a batch's tokens are laid out for attention: segments of like length side by side, filled up to the longest of them.
/// Causal attention needs no mask there, as what fills up stands behind what counts.
/// </summary>
internal sealed class BatchLayout
{
    private readonly Dictionary<(int Length, int Virtual, int Window), Tensor> _masks = [];

    private BatchLayout(IReadOnlyList<SegmentGroup> groups, Tensor places, Tensor back) => (Groups, Places, Back) = (groups, places, back);

    /// <summary>Segments of like length.</summary>
    public IReadOnlyList<SegmentGroup> Groups { get; }

    /// <summary>The token at each place of the groups, one after another, int64; where a segment is filled up, its last token.</summary>
    public Tensor Places { get; }

    /// <summary>Each token's place, <c>[tokens]</c>, int64.</summary>
    public Tensor Back { get; }

    /// <summary>Whether the groups' places are the tokens in their order.</summary>
    public bool IsIdentity { get; private init; }

    /// <summary>Lays segments out, each a number of tokens in a row.</summary>
    /// <param name="lengths">The segments' lengths, in the tokens' order.</param>
    /// <param name="device">Where to.</param>
    public static BatchLayout Of(IReadOnlyList<int> lengths, Device device)
    {
        var first = 0;
        var segments = lengths.Select(length => (First: (first += length) - length, Length: length)).ToList();
        var groups = new List<SegmentGroup>();
        var places = new List<long>(first);
        var back = new long[first];
        foreach (var alike in segments.GroupBy(segment => int.Log2(segment.Length)).OrderBy(group => group.Key))
        {
            var longest = alike.Max(segment => segment.Length);
            groups.Add(new SegmentGroup(alike.Count(), longest));
            foreach (var (begin, length) in alike)
            {
                for (var index = 0; index < longest; index++)
                {
                    if (index < length)
                    {
                        back[begin + index] = places.Count;
                    }

                    places.Add(begin + Math.Min(index, length - 1));
                }
            }
        }

        return new BatchLayout(groups, tensor(places.ToArray(), device: device), tensor(back, device: device))
        {
            IsIdentity = places.Count == first && places.Index().All(place => place.Item == place.Index),
        };
    }

    /// <summary>
    /// Who sees whom where plain causality does not say it: behind virtual tokens, or with a window that is shorter than the
    /// segments. <c>[length, virtual + length]</c>, or null where there is no need of it.
    /// </summary>
    public Tensor? Mask(int length, int virtualTokens, int? window)
    {
        if (virtualTokens == 0 && (window is null || window >= length))
        {
            return null;
        }

        if (!_masks.TryGetValue((length, virtualTokens, window ?? 0), out var mask))
        {
            var seen = arange(virtualTokens + length, device: Places.device).unsqueeze(0);
            var from = arange(virtualTokens, virtualTokens + length, device: Places.device).unsqueeze(1);
            mask = seen <= from;
            mask = window is { } last ? mask.logical_and(seen > from - last) : mask;
            _masks.Add((length, virtualTokens, window ?? 0), mask);
        }

        return mask;
    }
}

/// <summary>Segments side by side.</summary>
/// <param name="Count">Segments.</param>
/// <param name="Length">Places of each.</param>
internal sealed record SegmentGroup(int Count, int Length);
