using Landfall.Inference.Models;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Serving;

public sealed class KeyValueCacheTests
{
    private static readonly ModelConfig Config = new()
    {
        Family = ModelFamily.Llama,
        VocabularySize = 16,
        HiddenSize = 8,
        IntermediateSize = 8,
        LayerCount = 1,
        HeadCount = 2,
        KeyValueHeadCount = 1,
        HeadSize = 4,
        ContextLength = 64,
    };

    [Fact]
    public void Take_MoreThanThereAre_GivesNone()
    {
        using var cache = new KeyValueCache(Config, 2, TensorType.F16);
        var pages = new[] { cache.Take()!, cache.Take()! };
        Assert.Null(cache.Take());
        cache.Release(pages);
        Assert.Equal((2, 0), (cache.Available, cache.Used));
    }

    [Fact]
    public void Find_KeptPage_IsTheSameOneForAllWhoBeginAlike()
    {
        using var cache = new KeyValueCache(Config, 3, TensorType.F32);
        var root = cache.NewRoot();
        var (first, second) = (cache.Take()!, cache.Take()!);
        var serial = cache.Keep(first, root, Tokens(1));
        cache.Keep(second, serial, Tokens(2));
        cache.Release([first, second]);

        Assert.Same(first, cache.Find(root, Tokens(1)));
        Assert.Same(second, cache.Find(serial, Tokens(2)));
        Assert.Null(cache.Find(root, Tokens(2)));
        Assert.Null(cache.Find(cache.NewRoot(), Tokens(1)));
        Assert.Equal(2, cache.Used);
    }

    [Fact]
    public void Take_WhenAllAreKept_ForgetsTheLastPageOfTheOldestSequence()
    {
        using var cache = new KeyValueCache(Config, 3, TensorType.F32);
        var root = cache.NewRoot();
        var (first, second) = (cache.Take()!, cache.Take()!);
        var serial = cache.Keep(first, root, Tokens(1));
        cache.Keep(second, serial, Tokens(2));
        cache.Release([first, second]);
        var other = cache.Take()!;
        cache.Keep(other, root, Tokens(3));
        cache.Release([other]);

        Assert.Same(second, cache.Take());
        Assert.Same(first, cache.Find(root, Tokens(1)));
        Assert.Null(cache.Find(serial, Tokens(2)));
        Assert.Same(other, cache.Find(root, Tokens(3)));
    }

    [Fact]
    public void Keep_PageOfTheSameTokens_LeavesTheFirstAndChainsToIt()
    {
        using var cache = new KeyValueCache(Config, 2, TensorType.F32);
        var root = cache.NewRoot();
        var (first, second) = (cache.Take()!, cache.Take()!);
        Assert.Equal(cache.Keep(first, root, Tokens(1)), cache.Keep(second, root, Tokens(1)));
        cache.Release([second]);
        Assert.Same(second, cache.Take());
        Assert.Same(first, cache.Find(root, Tokens(1)));
    }

    private static int[] Tokens(int token) => [.. Enumerable.Repeat(token, KeyValueCache.PageLength)];
}
