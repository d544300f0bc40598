using Landfall.Inference.Models;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Formats.Export;

/// <summary>
/// Chooses each matrix's type for a file that is asked for in one, as llama.cpp's quantiser does: the output projection in
/// Q6_K, and with Q4_K (its mixture "M") the values and every down projection that errors add up most in; rows that do not
/// divide into blocks in the nearest type of smaller blocks.
/// </summary>
internal static class TypeChoice
{
    /// <summary>Types that files are asked for in.</summary>
    public static bool IsOffered(TensorType type) =>
        type is TensorType.F32 or TensorType.F16 or TensorType.BF16 or TensorType.Q8_0 or TensorType.Q4_0 or TensorType.Q4_K or TensorType.Q6_K;

    /// <summary>GGUF's <c>general.file_type</c>.</summary>
    public static int FileType(TensorType type) => type switch
    {
        TensorType.F32 => 0,
        TensorType.F16 => 1,
        TensorType.Q4_0 => 2,
        TensorType.Q8_0 => 7,
        TensorType.Q4_K => 15,
        TensorType.Q6_K => 18,
        TensorType.BF16 => 32,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, message: null),
    };

    /// <summary>The type of a matrix, by its name in GGUF.</summary>
    public static TensorType For(string name, int columns, TensorType wanted, ModelConfig config, bool tied)
    {
        if (name is "position_embd.weight" or "token_types.weight")
        {
            return TensorType.F32;
        }

        var type = wanted;
        if (config.Family != ModelFamily.Bert && wanted is TensorType.Q4_0 or TensorType.Q4_K && (name == "output.weight" || (tied && name == "token_embd.weight")))
        {
            type = TensorType.Q6_K;
        }
        else if (wanted == TensorType.Q4_K && Layer(name) is { } layer && IsWorthMore(name) && TakesMore(layer, config.LayerCount))
        {
            type = TensorType.Q6_K;
        }

        return Fitting(type, columns);
    }

    /// <summary>The type itself, or what holds rows that do not divide into its blocks.</summary>
    public static TensorType Fitting(TensorType type, int columns)
    {
        if (columns % type.BlockLength() == 0)
        {
            return type;
        }

        return columns % 32 != 0 ? TensorType.F16 : type switch
        {
            TensorType.Q4_K => TensorType.Q5_0,
            TensorType.Q5_K => TensorType.Q5_1,
            _ => TensorType.Q8_0,
        };
    }

    private static bool IsWorthMore(string name) =>
        name.EndsWith("attn_v.weight", StringComparison.Ordinal) || name.EndsWith("ffn_down.weight", StringComparison.Ordinal);

    /// <summary>The first and last eighth of the layers, and every third between.</summary>
    private static bool TakesMore(int layer, int layers) => layer < layers / 8 || layer >= 7 * layers / 8 || (layer - (layers / 8)) % 3 == 2;

    private static int? Layer(string name) => name.Split('.') is ["blk", var number, ..]
        ? int.Parse(number, System.Globalization.CultureInfo.InvariantCulture)
        : null;
}
