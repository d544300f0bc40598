namespace Landfall.Retrieval.Classification;

/// <summary>A sparse vector: columns in rising order, and their values.</summary>
internal readonly record struct SparseVector(int[] Columns, float[] Values)
{
    /// <summary>The sum of the values' squares.</summary>
    public double SquaredNorm()
    {
        var sum = 0.0;
        foreach (var value in Values)
        {
            sum += (double)value * value;
        }

        return sum;
    }
}

/// <summary>Sparse rows one after another: row i holds the entries from Starts[i] to Starts[i + 1].</summary>
internal sealed class SparseRows
{
    public SparseRows(IReadOnlyList<SparseVector> rows, int columns)
    {
        Columns = columns;
        Starts = new int[rows.Count + 1];
        SquaredNorms = new double[rows.Count];
        for (var i = 0; i < rows.Count; i++)
        {
            Starts[i + 1] = checked(Starts[i] + rows[i].Columns.Length);
            SquaredNorms[i] = rows[i].SquaredNorm();
        }

        Indices = new int[Starts[^1]];
        Values = new float[Starts[^1]];
        for (var i = 0; i < rows.Count; i++)
        {
            rows[i].Columns.CopyTo(Indices, Starts[i]);
            rows[i].Values.CopyTo(Values, Starts[i]);
        }
    }

    public int Count => SquaredNorms.Length;

    public int Columns { get; }

    public int[] Starts { get; }

    public int[] Indices { get; }

    public float[] Values { get; }

    public double[] SquaredNorms { get; }

    /// <summary>The product of a row with a dense vector.</summary>
    public float Dot(int row, ReadOnlySpan<float> dense)
    {
        var indices = Indices.AsSpan(Starts[row], Starts[row + 1] - Starts[row]);
        var values = Values.AsSpan(Starts[row], indices.Length);
        float a = 0, b = 0, c = 0, d = 0;
        var i = 0;
        for (; i + 4 <= indices.Length; i += 4)
        {
            a += dense[indices[i]] * values[i];
            b += dense[indices[i + 1]] * values[i + 1];
            c += dense[indices[i + 2]] * values[i + 2];
            d += dense[indices[i + 3]] * values[i + 3];
        }

        for (; i < indices.Length; i++)
        {
            a += dense[indices[i]] * values[i];
        }

        return (a + b) + (c + d);
    }

    /// <summary>Adds a multiple of a row to a dense vector.</summary>
    public void AddTo(int row, float factor, Span<float> dense)
    {
        for (var i = Starts[row]; i < Starts[row + 1]; i++)
        {
            dense[Indices[i]] += factor * Values[i];
        }
    }
}
