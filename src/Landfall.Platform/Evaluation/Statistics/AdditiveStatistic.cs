namespace Landfall.Platform.Evaluation.Statistics;

/// <summary>
/// A figure that is a function of sums over examples. Resampling, leaving one out, and swapping examples then cost a few
/// additions each instead of a new evaluation.
/// </summary>
/// <param name="count">Examples.</param>
/// <param name="width">Numbers in the vector of sums.</param>
public abstract class AdditiveStatistic(int count, int width)
{
    public int Count { get; } = count;

    public int Width { get; } = width;

    /// <summary>Adds an example, weighted, to the sums.</summary>
    public abstract void Add(Span<double> sums, int example, double weight);

    /// <summary>The figure for the sums; 0 when there is nothing in them.</summary>
    public abstract double Of(ReadOnlySpan<double> sums);

    /// <summary>The sums over all examples.</summary>
    public double[] Totals()
    {
        var sums = new double[Width];
        for (var i = 0; i < Count; i++)
        {
            Add(sums, i, 1);
        }

        return sums;
    }

    /// <summary>The figure over all examples.</summary>
    public double Value() => Of(Totals());
}

/// <summary>The mean of the first number of each score.</summary>
public sealed class MeanStatistic : AdditiveStatistic
{
    private readonly double[] _values;

    public MeanStatistic(IReadOnlyList<double[]> scores)
        : base(scores.Count, width: 2)
    {
        _values = new double[scores.Count];
        for (var i = 0; i < _values.Length; i++)
        {
            _values[i] = scores[i][0];
        }
    }

    public override void Add(Span<double> sums, int example, double weight)
    {
        sums[0] += weight * _values[example];
        sums[1] += weight;
    }

    public override double Of(ReadOnlySpan<double> sums) => sums[1] <= 0 ? 0 : sums[0] / sums[1];
}

/// <summary>A function of summed vectors of counts.</summary>
public sealed class VectorStatistic : AdditiveStatistic
{
    private readonly double[] _matrix;
    private readonly Func<ReadOnlySpan<double>, double> _figure;

    public VectorStatistic(IReadOnlyList<double[]> scores, int width, Func<ReadOnlySpan<double>, double> figure)
        : base(scores.Count, width)
    {
        _figure = figure;
        _matrix = new double[scores.Count * width];
        for (var i = 0; i < scores.Count; i++)
        {
            scores[i].AsSpan(0, width).CopyTo(_matrix.AsSpan(i * width));
        }
    }

    public override void Add(Span<double> sums, int example, double weight)
    {
        var row = _matrix.AsSpan(example * Width, sums.Length);
        for (var j = 0; j < row.Length; j++)
        {
            sums[j] += weight * row[j];
        }
    }

    public override double Of(ReadOnlySpan<double> sums) => _figure(sums);
}
