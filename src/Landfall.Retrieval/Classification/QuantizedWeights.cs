using Landfall.Retrieval.Artifacts;

namespace Landfall.Retrieval.Classification;

/// <summary>One class's weights in 8 bits, those that round to zero left out.</summary>
internal sealed record QuantizedClass(int[] Columns, sbyte[] Values, float Scale, float Bias)
{
    public static QuantizedClass Of(ReadOnlySpan<float> weights, float bias)
    {
        var largest = 0f;
        foreach (var weight in weights)
        {
            largest = Math.Max(largest, Math.Abs(weight));
        }

        var scale = largest > 0 ? largest / sbyte.MaxValue : 1;
        var columns = new List<int>();
        var values = new List<sbyte>();
        for (var column = 0; column < weights.Length; column++)
        {
            var value = (sbyte)MathF.Round(weights[column] / scale);
            if (value != 0)
            {
                columns.Add(column);
                values.Add(value);
            }
        }

        return new QuantizedClass([.. columns], [.. values], scale, bias);
    }
}

/// <summary>
/// The weights of all classes, by column, because a text has few columns: column i's entries are those from Starts[i] to
/// Starts[i + 1], and the weight of an entry is its value times its class's scale.
/// </summary>
internal sealed class QuantizedWeights
{
    private readonly int[] _starts;
    private readonly ushort[] _classes;
    private readonly sbyte[] _values;
    private readonly float[] _scales;
    private readonly float[] _biases;

    private QuantizedWeights(int[] starts, ushort[] classes, sbyte[] values, float[] scales, float[] biases)
    {
        _starts = starts;
        _classes = classes;
        _values = values;
        _scales = scales;
        _biases = biases;
    }

    /// <summary>Weights that are not zero, and a bias and a scale per class.</summary>
    public long Count => _values.Length + (2L * _biases.Length);

    public static QuantizedWeights Of(IReadOnlyList<QuantizedClass> classes, int columns)
    {
        var starts = new int[columns + 1];
        foreach (var column in classes.SelectMany(c => c.Columns))
        {
            starts[column + 1]++;
        }

        for (var column = 0; column < columns; column++)
        {
            starts[column + 1] = checked(starts[column + 1] + starts[column]);
        }

        var next = starts.AsSpan(0, columns).ToArray();
        var (ids, values) = (new ushort[starts[^1]], new sbyte[starts[^1]]);
        for (var c = 0; c < classes.Count; c++)
        {
            for (var i = 0; i < classes[c].Columns.Length; i++)
            {
                var place = next[classes[c].Columns[i]]++;
                (ids[place], values[place]) = ((ushort)c, classes[c].Values[i]);
            }
        }

        return new QuantizedWeights(starts, ids, values, [.. classes.Select(c => c.Scale)], [.. classes.Select(c => c.Bias)]);
    }

    /// <summary>Every class's score of a vector.</summary>
    public float[] Score(SparseVector vector)
    {
        var scores = new float[_biases.Length];
        for (var i = 0; i < vector.Columns.Length; i++)
        {
            var value = vector.Values[i];
            for (var entry = _starts[vector.Columns[i]]; entry < _starts[vector.Columns[i] + 1]; entry++)
            {
                scores[_classes[entry]] += value * _values[entry];
            }
        }

        for (var c = 0; c < scores.Length; c++)
        {
            scores[c] = (scores[c] * _scales[c]) + _biases[c];
        }

        return scores;
    }

    public void Write(ArtifactWriter writer)
    {
        for (var c = 0; c < _biases.Length; c++)
        {
            writer.WriteSingle(_scales[c]);
            writer.WriteSingle(_biases[c]);
        }

        for (var column = 0; column + 1 < _starts.Length; column++)
        {
            writer.WriteCount(_starts[column + 1] - _starts[column]);
            var previous = -1;
            for (var entry = _starts[column]; entry < _starts[column + 1]; entry++)
            {
                writer.WriteCount(_classes[entry] - previous);
                writer.WriteByte((byte)_values[entry]);
                previous = _classes[entry];
            }
        }
    }

    public static QuantizedWeights Read(ArtifactReader reader, int columns, int classes)
    {
        var (scales, biases) = (new float[classes], new float[classes]);
        for (var c = 0; c < classes; c++)
        {
            (scales[c], biases[c]) = (reader.ReadSingle(), reader.ReadSingle());
            if (Math.Abs(scales[c]) > 1e6f || Math.Abs(biases[c]) > 1e6f)
            {
                throw reader.Damaged("a class's scale or bias beyond a million");
            }
        }

        var starts = new int[columns + 1];
        var ids = new List<ushort>();
        var values = new List<sbyte>();
        for (var column = 0; column < columns; column++)
        {
            var count = reader.ReadCount(bytesEach: 2);
            var previous = -1;
            for (var i = 0; i < count; i++)
            {
                var step = reader.ReadNumber(classes - 1 - previous);
                previous += step > 0 ? step : throw reader.Damaged("a class named twice");
                ids.Add((ushort)previous);
                values.Add((sbyte)reader.ReadByte());
            }

            starts[column + 1] = ids.Count;
        }

        return new QuantizedWeights(starts, [.. ids], [.. values], scales, biases);
    }
}
