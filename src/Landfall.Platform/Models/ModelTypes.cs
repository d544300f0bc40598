using Landfall.Inference.Tensors;

namespace Landfall.Platform.Models;

/// <summary>Types that models are written in, by the names that people give them.</summary>
internal static class ModelTypes
{
    private static readonly TensorType[] Offered = [TensorType.F32, TensorType.F16, TensorType.BF16, TensorType.Q8_0, TensorType.Q4_0, TensorType.Q4_K, TensorType.Q6_K];

    /// <summary>The names.</summary>
    public static string Names { get; } = string.Join(", ", Offered.Select(t => t.ToString().ToLowerInvariant()));

    /// <summary>The type of a name such as <c>q4_k</c>; null where it is none that is written.</summary>
    public static TensorType? Find(string? name) =>
        Offered.Select(t => (TensorType?)t).FirstOrDefault(t => string.Equals(t.ToString(), name, StringComparison.OrdinalIgnoreCase));

    /// <summary>About how many bytes so many weights take.</summary>
    public static long BytesOf(TensorType type, long parameters) => (parameters / type.BlockLength() * type.BlockBytes()) + (parameters / 50);
}
