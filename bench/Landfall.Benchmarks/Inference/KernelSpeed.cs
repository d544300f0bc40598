using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;
using Landfall.Inference.Kernels;
using Landfall.Inference.Tensors;

namespace Landfall.Benchmarks.Inference;

/// <summary>
/// Products with one vector in GB/s of weights beside a sweep that only reads the same bytes with the same threads, the gain of
/// several vectors at once, and products with 512 vectors in GFLOPS. Each figure is the best of rounds that alternate.
/// </summary>
internal static class KernelSpeed
{
    private const int Columns = 4096;
    private const int PromptRows = 4096;

    // Somebody must look at what a sweep has read, or it is not read.
    private static int _swept;

    private static readonly TensorType[] Types =
    [
        TensorType.Q8_0, TensorType.Q4_0, TensorType.Q4_K, TensorType.Q6_K, TensorType.BF16, TensorType.F16, TensorType.F32,
        TensorType.Q4_1, TensorType.Q5_0, TensorType.Q5_1, TensorType.Q5_K,
    ];

    public static int Run(string[] args)
    {
        var megabytes = Options.Number(args, "--megabytes", 256);
        var rounds = Options.Number(args, "--rounds", 10);
        using var pool = new ComputePool(Options.Number(args, "--threads", Environment.ProcessorCount));
        var only = Options.Text(args, "--type");
        Console.WriteLine($"{pool.Threads} threads, {megabytes} MB of weights, rows of {Columns}, best of {rounds}");
        Console.WriteLine("type    sweep GB/s   x1 GB/s   share   x4 rate   x8 rate  x16 rate   x512 GFLOPS");
        foreach (var type in Types.Where(type => only is null || string.Equals(type.ToString(), only, StringComparison.OrdinalIgnoreCase)))
        {
            Measure(type, (int)(megabytes * 1_000_000L / type.RowBytes(Columns)), rounds, pool);
        }

        return 0;
    }

    private static void Measure(TensorType type, int rows, int rounds, ComputePool pool)
    {
        var weights = Weights(type, rows);
        var few = Weights(type, Math.Min(rows, PromptRows));
        var (sweep, best) = (double.MaxValue, new double[] { double.MaxValue, double.MaxValue, double.MaxValue, double.MaxValue, double.MaxValue });
        for (var round = 0; round < rounds; round++)
        {
            sweep = Math.Min(sweep, Seconds(() => pool.Run(pool.Threads * 8, part => Sweep(weights, part, pool.Threads * 8))));
            for (var index = 0; index < 4; index++)
            {
                best[index] = Math.Min(best[index], Product(weights, index == 0 ? 1 : 2 << index, pool));
            }

            best[4] = round < 3 || round % 4 == 0 ? Math.Min(best[4], Product(few, 512, pool)) : best[4];
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{type,-6} {weights.Bytes / sweep / 1e9,11:F1} {weights.Bytes / best[0] / 1e9,9:F1} {sweep / best[0],7:P0} {4 * best[0] / best[1],9:F2} {8 * best[0] / best[2],9:F2} {16 * best[0] / best[3],9:F2} {2e-9 * 512 * few.Rows * Columns / best[4],13:F0}"));
        weights.Memory.Dispose();
        few.Memory.Dispose();
    }

    private static double Product(Tensor weights, int tokens, ComputePool pool)
    {
        var input = new float[tokens * Columns];
        for (var index = 0; index < input.Length; index++)
        {
            input[index] = ((index * 2654435761) & 0xFFFF) / 65536f;
        }

        var output = new float[tokens * weights.Rows];
        return Seconds(() => MatMul.Multiply(weights, input, output, tokens, pool));
    }

    private static double Seconds(Action action)
    {
        var since = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(since).TotalSeconds;
    }

    private static unsafe void Sweep(Tensor weights, int part, int parts)
    {
        var (begin, end) = (weights.Bytes * part / parts / 256 * 256, weights.Bytes * (part + 1) / parts / 256 * 256);
        var (first, second, third, fourth) = (Vector512<int>.Zero, Vector512<int>.Zero, Vector512<int>.Zero, Vector512<int>.Zero);
        for (var at = weights.Data + begin; at < weights.Data + end; at += 256)
        {
            first ^= Vector512.Load((int*)at);
            second ^= Vector512.Load((int*)(at + 64));
            third ^= Vector512.Load((int*)(at + 128));
            fourth ^= Vector512.Load((int*)(at + 192));
        }

        Interlocked.Add(ref _swept, Vector512.Sum(first ^ second ^ third ^ fourth));
    }

    // Random bytes are valid blocks of all types but for their scales, which are set to small numbers.
    internal static unsafe Tensor Weights(TensorType type, int rows)
    {
        var tensor = NativeBuffer.Allocate("w", type, rows, Columns);
        var row = new byte[tensor.RowBytes];
        new Random(1).NextBytes(row);
        for (var at = 0; at < row.Length; at += type.BlockBytes())
        {
            if (type.BlockLength() == 1)
            {
                row[at + type.BlockBytes() - 1] = 0x3C;
                continue;
            }

            (row[at], row[at + 1], row[at + 2], row[at + 3]) = (0x12, 0x20, 0x34, 0x20);
            (row[at + type.BlockBytes() - 2], row[at + type.BlockBytes() - 1]) = (0x12, 0x20);
        }

        for (var index = 0; index < rows; index++)
        {
            row.CopyTo(new Span<byte>(tensor.Data + (index * tensor.RowBytes), row.Length));
        }

        return tensor;
    }
}
