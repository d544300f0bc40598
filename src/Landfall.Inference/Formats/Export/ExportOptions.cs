using Landfall.Inference.Tensors;

namespace Landfall.Inference.Formats.Export;

/// <summary>How a model is written.</summary>
public sealed record ExportOptions
{
    /// <summary>
    /// The type of most matrices: F32, F16, BF16, and for GGUF also Q8_0, Q4_0, Q4_K, Q6_K. Vectors stay F32; rows that do not
    /// divide into blocks, and a few matrices that matter more, take another (see <see cref="GgufExport"/>).
    /// </summary>
    public required TensorType Type { get; init; }

    /// <summary>Threads that encode, at least one; the default is one per processor.</summary>
    public int Threads { get => field; init => field = Math.Max(value, 1); } = Environment.ProcessorCount;

    /// <summary>The model's name in the file; the default is the folder's or file's.</summary>
    public string? Name { get; init; }

    /// <summary>Told the share that is done, from 0 to 1.</summary>
    public IProgress<double>? Progress { get; init; }

    internal void Validate(bool blocks)
    {
        if (blocks ? !TypeChoice.IsOffered(Type) : Type is not (TensorType.F32 or TensorType.F16 or TensorType.BF16))
        {
            throw new InferenceException(
                $"A model is not written as {Type} here: {(blocks ? "F32, F16, BF16, Q8_0, Q4_0, Q4_K and Q6_K are written to GGUF" : "a Hugging Face folder holds F32, F16 or BF16")}.");
        }
    }
}
