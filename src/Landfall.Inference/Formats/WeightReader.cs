using Landfall.Inference.Formats.Quantisation;
using Landfall.Inference.Models;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Formats;

/// <summary>Takes tensors out of a table by name, checks their shapes, and tells which were never asked for.</summary>
internal sealed class WeightReader(TensorTable table)
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    public bool Contains(string name) => table.Contains(name);

    /// <summary>A matrix, where it lies.</summary>
    public Tensor Matrix(string name, int rows, int columns)
    {
        var tensor = Take(name);
        return tensor.Shape is [var r, var c] && r == rows && c == columns ? tensor : throw Misshaped(tensor, $"[{rows}, {columns}]");
    }

    /// <summary>A vector, decoded.</summary>
    public float[] Vector(string name, int length)
    {
        var tensor = Take(name);
        return tensor.Shape is [var found] && found == length ? Decode(tensor) : throw Misshaped(tensor, $"[{length}]");
    }

    public float[]? FindVector(string name, int length) => table.Contains(name) ? Vector(name, length) : null;

    /// <summary>A matrix and its bias: required, absent, or as the file has it (null).</summary>
    public Linear Linear(string name, int rows, int columns, bool? bias = null)
    {
        var weight = Matrix($"{name}.weight", rows, columns);
        return new Linear(weight, bias ?? table.Contains($"{name}.bias") ? Vector($"{name}.bias", rows) : null);
    }

    public LayerNorm Norm(string name, int width) => table.Contains($"{name}.gamma")
        ? new LayerNorm(Vector($"{name}.gamma", width), Vector($"{name}.beta", width))
        : new LayerNorm(Vector($"{name}.weight", width), Vector($"{name}.bias", width));

    /// <summary>Refuses what was never asked for: the configuration does not know of it, so results would be wrong.</summary>
    public void ExpectNoOthers(Func<string, bool> harmless)
    {
        var others = table.Names.Where(name => !_taken.Contains(name) && !harmless(name)).Order(StringComparer.Ordinal).ToList();
        if (others.Count > 0)
        {
            throw new ModelFormatException(
                table.FileOf(others[0]),
                $"the configuration has no place for the tensor '{others[0]}'{(others.Count > 1 ? $" and {others.Count - 1} more" : string.Empty)}; weights and configuration are not of one model.")
            {
                Tensor = others[0],
            };
        }
    }

    private Tensor Take(string name)
    {
        _taken.Add(name);
        return table.Find(name) ?? throw new ModelFormatException(table.File, $"the tensor '{name}', which the configuration asks for, is missing.") { Tensor = name };
    }

    private static float[] Decode(Tensor tensor)
    {
        var values = new float[tensor.Columns];
        BlockCodec.Decode(tensor, 0, values);
        return values;
    }

    private ModelFormatException Misshaped(Tensor tensor, string expected) => new(
        table.FileOf(tensor.Name), $"the tensor '{tensor.Name}' has the shape [{string.Join(", ", tensor.Shape)}], where the configuration asks for {expected}.")
    {
        Tensor = tensor.Name,
    };
}
