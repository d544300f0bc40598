using System.Diagnostics;

namespace Landfall.Inference.Kernels;

/// <summary>Tests that measure what threads of this process do, without other tests beside them.</summary>
[CollectionDefinition(nameof(AloneTests), DisableParallelization = true)]
public sealed class AloneTests;

[Collection(nameof(AloneTests))]
public sealed class ComputePoolTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 100)]
    [InlineData(2, 2)]
    [InlineData(4, 1000)]
    public void Run_Parts_EachOnce(int threads, int parts)
    {
        using var pool = new ComputePool(threads);
        var counts = new int[parts];
        for (var repeat = 0; repeat < 50; repeat++)
        {
            pool.Run(parts, part => Interlocked.Increment(ref counts[part]));
        }

        Assert.All(counts, count => Assert.Equal(50, count));
    }

    [Fact]
    public void Run_FromManyThreadsAndNested_EachPartOnce()
    {
        using var pool = new ComputePool(3);
        var total = 0;
        var threads = Enumerable.Range(0, 12).Select(_ => new Thread(() =>
        {
            for (var repeat = 0; repeat < 200; repeat++)
            {
                var inner = 0;
                pool.Run(5, _ => pool.Run(7, _ => Interlocked.Increment(ref inner)));
                Assert.Equal(35, inner);
                Interlocked.Add(ref total, inner);
            }
        })).ToArray();
        foreach (var thread in threads)
        {
            thread.Start();
        }

        foreach (var thread in threads)
        {
            thread.Join();
        }

        Assert.Equal(12 * 200 * 35, total);
    }

    [Fact]
    public void Run_AfterSleeping_EachPartOnce()
    {
        using var pool = new ComputePool(4);
        for (var repeat = 0; repeat < 100; repeat++)
        {
            var count = 0;
            pool.Run(8, _ => Interlocked.Increment(ref count));
            Assert.Equal(8, count);
            if (repeat % 10 == 0)
            {
                Thread.Sleep(2);
            }
        }
    }

    [Fact]
    public void Run_PartThrows_ThrowsItAndStaysUsable()
    {
        using var pool = new ComputePool(3);
        var count = 0;
        var thrown = Assert.Throws<InvalidOperationException>(() => pool.Run(20, part =>
        {
            Interlocked.Increment(ref count);
            if (part == 11)
            {
                throw new InvalidOperationException("part 11");
            }
        }));
        Assert.Equal(("part 11", 20), (thrown.Message, count));
        pool.Run(20, _ => Interlocked.Increment(ref count));
        Assert.Equal(40, count);
    }

    [Fact]
    public void Run_Job_AllocatesNothing()
    {
        using var pool = new ComputePool(2);
        var counts = new int[64];
        pool.Run(64, new Count(counts));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var repeat = 0; repeat < 100; repeat++)
        {
            pool.Run(64, new Count(counts));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.All(counts, count => Assert.Equal(101, count));
    }

    [Fact]
    public void Wait_NoWork_UsesNoProcessorTime()
    {
        using var pool = new ComputePool(16);
        pool.Run(64, static _ => Thread.SpinWait(1000));
        Thread.Sleep(20);

        // The quietest of some moments, as pools of other tests may be at work beside this one.
        var used = Enumerable.Range(0, 5).Min(_ =>
        {
            var before = ThreadTime();
            Thread.Sleep(100);
            return ThreadTime() - before;
        });
        Assert.True(used <= 10, $"15 waiting threads used {used} ms in 100 ms.");

        static long ThreadTime()
        {
            Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
            var total = 0L;
            foreach (var task in Directory.GetDirectories("/proc/self/task"))
            {
                var text = File.ReadAllText(Path.Combine(task, "stat"));
                if (text.Contains("(landfall-comput)", StringComparison.Ordinal))
                {
                    var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
                    total += 10 * (long.Parse(fields[11], null) + long.Parse(fields[12], null));
                }
            }

            return total;
        }
    }

    [Fact]
    public void Run_Disposed_Throws()
    {
        var pool = new ComputePool(2);
        pool.Dispose();
        pool.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pool.Run(2, static _ => { }));
    }

    private readonly struct Count(int[] counts) : IComputeJob
    {
        public void Execute(int part) => Interlocked.Increment(ref counts[part]);
    }
}
