using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Landfall.Inference.Kernels;

/// <summary>Activations to 16-bit integers.</summary>
internal static unsafe class InputQuantiser
{
    // 256 products with the largest weights (Q6_K: 128 * 32), added up in 8 lanes, stay below 2^31; in 4 lanes with half of it.
    private const float Limit = 16383f;
    private const int TokensPerPart = InputView.TileTokens;

    public static void Quantise(InputView view, KernelPath path, ComputePool pool) =>
        pool.Run((view.Tokens + TokensPerPart - 1) / TokensPerPart, new Job(view, path));

    private static void QuantiseToken(InputView view, int token, KernelPath path)
    {
        var values = view.Values + ((nint)token * view.Columns);
        var largest = TensorPrimitives.MaxMagnitude(new ReadOnlySpan<float>(values, view.Columns));
        largest = float.IsNaN(largest) ? largest : Math.Abs(largest);
        var limit = path is KernelPath.Avx512 or KernelPath.Avx2 ? Limit : Limit / 2;
        view.Scales[token] = largest / limit;

        // Not finite: the scale alone makes all products so.
        var inverse = largest > 0 && float.IsFinite(largest) ? limit / largest : 0f;
        if (float.IsInfinity(inverse))
        {
            (view.Scales[token], inverse) = (0f, 0f);
        }

        var target = view.Quantised + ((nint)token * view.Columns);
        var sums = view.Sums + ((nint)token * view.Groups);
        if (path == KernelPath.Avx512)
        {
            Quantise512(values, inverse, view.Groups, target, sums);
        }
        else
        {
            Quantise128(values, inverse, view.Groups, target, sums);
        }
    }

    private static void Quantise512(float* values, float inverse, int groups, short* target, float* sums)
    {
        var scale = Vector512.Create(inverse);
        for (var group = 0; group < groups; group++, values += InputView.GroupLength, target += InputView.GroupLength)
        {
            var first = Vector512.ConvertToInt32Native(Vector512.Round(Vector512.Load(values) * scale));
            var second = Vector512.ConvertToInt32Native(Vector512.Round(Vector512.Load(values + 16) * scale));
            Vector512.Narrow(first, second).Store(target);
            sums[group] = Vector512.Sum(first + second);
        }
    }

    private static void Quantise128(float* values, float inverse, int groups, short* target, float* sums)
    {
        var scale = Vector128.Create(inverse);
        for (var group = 0; group < groups; group++, values += InputView.GroupLength, target += InputView.GroupLength)
        {
            var sum = Vector128<int>.Zero;
            for (var index = 0; index < InputView.GroupLength; index += 8)
            {
                var first = Vector128.ConvertToInt32Native(Vector128.Round(Vector128.Load(values + index) * scale));
                var second = Vector128.ConvertToInt32Native(Vector128.Round(Vector128.Load(values + index + 4) * scale));
                Vector128.Narrow(first, second).Store(target + index);
                sum += first + second;
            }

            sums[group] = Vector128.Sum(sum);
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly struct Job(InputView view, KernelPath path) : IComputeJob
    {
        public void Execute(int part)
        {
            var end = Math.Min(view.Tokens, (part + 1) * TokensPerPart);
            for (var token = part * TokensPerPart; token < end; token++)
            {
                QuantiseToken(view, token, path);
            }

            if (view.IsReordered)
            {
                NibbleRows.Reorder(view);
            }

            if (view.IsPacked)
            {
                var missing = ((part + 1) * TokensPerPart) - end;
                new Span<short>(view.Quantised + ((nint)end * view.Columns), missing * view.Columns).Clear();
                PanelTranspose.Pack(view, part);
            }
        }
    }
}
