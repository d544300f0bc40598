using System.Diagnostics;
using System.IO.MemoryMappedFiles;
using System.Runtime.Intrinsics;
using Landfall.Inference.Formats;

namespace Landfall.Benchmarks.Inference;

/// <summary>How fast the bytes that decoding reads can be read at all, by as many threads and with nothing done to them but a sum.</summary>
internal static class WeightSweep
{
    private const int Passes = 5;

    /// <summary>Bytes of weights that one token's step reads: all but the embedding, of which it reads a row, unless the output is the embedding.</summary>
    public static long BytesPerToken(string path)
    {
        using var file = GgufFile.Open(path);
        return file.Tensors.Readable.Where(t => t.Name != "token_embd.weight" || !file.Tensors.Contains("output.weight")).Sum(t => t.Bytes);
    }

    /// <summary>The median of a few passes over the file's last bytes, after one that pages them in.</summary>
    public static unsafe double GigabytesPerSecond(string path, long bytes, int threads)
    {
        using var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, 0, MemoryMappedFileAccess.Read);
        using var view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* first = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref first);
        try
        {
            var begin = first + (((new FileInfo(path).Length - bytes) / 64) * 64);
            var seconds = Enumerable.Range(0, Passes + 1).Select(_ => Pass(begin, bytes / threads / 256 * 256, threads)).Skip(1).Order().ElementAt(Passes / 2);
            return bytes / seconds / 1e9;
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    private static unsafe double Pass(byte* begin, long bytesEach, int threads)
    {
        var sums = new ulong[threads];
        var began = Stopwatch.GetTimestamp();
        var workers = Enumerable.Range(0, threads).Select(thread => new Thread(() => sums[thread] = Sum(begin + (thread * bytesEach), bytesEach))).ToList();
        workers.ForEach(worker => worker.Start());
        workers.ForEach(worker => worker.Join());
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        GC.KeepAlive(sums);
        return seconds;
    }

    private static unsafe ulong Sum(byte* data, long bytes)
    {
        var (a, b, c, d) = (Vector512<ulong>.Zero, Vector512<ulong>.Zero, Vector512<ulong>.Zero, Vector512<ulong>.Zero);
        for (var end = data + bytes; data < end; data += 256)
        {
            a += Vector512.Load((ulong*)data);
            b += Vector512.Load((ulong*)(data + 64));
            c += Vector512.Load((ulong*)(data + 128));
            d += Vector512.Load((ulong*)(data + 192));
        }

        return Vector512.Sum(a + b + c + d);
    }
}
