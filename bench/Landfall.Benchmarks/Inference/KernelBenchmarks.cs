using BenchmarkDotNet.Attributes;
using Landfall.Inference.Kernels;
using Landfall.Inference.Tensors;

namespace Landfall.Benchmarks.Inference;

/// <summary>Products with 1, 8 and 512 vectors, and attention of one query over 1,000 positions.</summary>
[MemoryDiagnoser]
public class KernelBenchmarks
{
    private const int Columns = 4096;
    private const int Positions = 1000;
    private readonly ComputePool _pool = new();
    private readonly float[] _input = new float[512 * Columns];
    private readonly float[] _output = new float[512 * 4096];
    private readonly AttentionShape _shape = new(new KeyValueLayout(4, 64, Half: true), Heads: 32, Scale: 0.125f);
    private Tensor? _weights;
    private NativeBuffer? _cache;
    private nint[] _pages = [];

    [Params(TensorType.F32, TensorType.BF16, TensorType.Q8_0, TensorType.Q4_0, TensorType.Q4_K, TensorType.Q6_K)]
    public TensorType Type { get; set; }

    [GlobalSetup]
    public unsafe void Fill()
    {
        _weights = KernelSpeed.Weights(Type, 4096);
        var random = new Random(1);
        for (var index = 0; index < _input.Length; index++)
        {
            _input[index] = random.NextSingle() - 0.5f;
        }

        _cache = new NativeBuffer(16L * _shape.Layout.PageBytes);
        _pages = [.. Enumerable.Range(0, 16).Select(page => (nint)_cache.Data + (page * _shape.Layout.PageBytes))];
        for (var position = 0; position < Positions; position++)
        {
            var values = _input.AsSpan(position * 256, 256);
            AttentionKernel.Store(_shape.Layout, _pages[position / 64], position % 64, values, values);
        }
    }

    [GlobalCleanup]
    public void Free()
    {
        _weights?.Memory.Dispose();
        _cache?.Dispose();
        _pool.Dispose();
    }

    [Benchmark]
    public void One() => MatMul.Multiply(_weights!, _input.AsSpan(0, Columns), _output, 1, _pool);

    [Benchmark]
    public void Eight() => MatMul.Multiply(_weights!, _input.AsSpan(0, 8 * Columns), _output, 8, _pool);

    [Benchmark]
    public void Prompt() => MatMul.Multiply(_weights!, _input, _output, 512, _pool);

    [Benchmark]
    public void Attention()
    {
        for (var head = 0; head < 4; head++)
        {
            AttentionKernel.Attend(_shape, _pages, head, _input, Positions - 1, 1, _output);
        }
    }
}
