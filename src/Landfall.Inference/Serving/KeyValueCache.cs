using System.Runtime.InteropServices;
using Landfall.Inference.Kernels;
using Landfall.Inference.Models;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Serving;

/// <summary>
/// The keys and values of all sequences, in pages of <see cref="PageLength"/> positions (PagedAttention, Kwon et al., arXiv
/// 2309.06180). Full pages stay after their sequence has ended, so that a later prompt that begins alike need not compute
/// them again; the least recently used ones make room. For one thread.
/// </summary>
/// <remarks>A page holds all layers, one after another, each as <see cref="KeyValueLayout"/> says.</remarks>
internal sealed class KeyValueCache : IDisposable
{
    /// <summary>Positions in a page.</summary>
    public const int PageLength = KeyValueLayout.PageLength;

    private readonly Dictionary<PageKey, Page> _index = [];
    private readonly LinkedList<Page> _unused = [];
    private readonly Stack<Page> _free = new();
    private readonly List<Page> _pages = [];
    private long _serial;

    /// <param name="config">The model's shape.</param>
    /// <param name="capacity">Most pages; they are allocated when first needed.</param>
    /// <param name="type">F32 or F16.</param>
    public KeyValueCache(ModelConfig config, int capacity, TensorType type)
    {
        Capacity = capacity;
        Layout = LayoutOf(config, type);
        PageBytes = PageBytesOf(config, type);
    }

    /// <summary>Most pages.</summary>
    public int Capacity { get; }

    /// <summary>How a layer's keys and values lie in a page.</summary>
    public KeyValueLayout Layout { get; }

    /// <summary>Bytes of a page.</summary>
    public long PageBytes { get; }

    /// <summary>Pages that a sequence can still get: free, not allocated yet, or kept only for reuse.</summary>
    public int Available => _free.Count + _unused.Count + (Capacity - _pages.Count);

    /// <summary>Pages that running sequences hold.</summary>
    public int Used => Capacity - Available;

    /// <summary>Bytes of a page of a model.</summary>
    public static long PageBytesOf(ModelConfig config, TensorType type) => (long)config.LayerCount * LayoutOf(config, type).PageBytes;

    /// <summary>An empty page for one sequence; null where all are in use.</summary>
    public Page? Take()
    {
        if (!_free.TryPop(out var page))
        {
            if (_pages.Count < Capacity)
            {
                page = new Page(new NativeBuffer(PageBytes));
                _pages.Add(page);
            }
            else if (_unused.First is { } oldest)
            {
                page = oldest.Value;
                _unused.Remove(oldest);
                Forget(page);
            }
            else
            {
                return null;
            }
        }

        page.References = 1;
        return page;
    }

    /// <summary>The page that holds these tokens after <paramref name="parent"/>, for one more sequence; null where there is none.</summary>
    /// <param name="parent">The serial of the page before, or a root's (<see cref="NewRoot"/>).</param>
    /// <param name="tokens">A page's length of tokens.</param>
    public Page? Find(long parent, ReadOnlySpan<int> tokens)
    {
        if (!_index.TryGetValue(new PageKey(parent, Hash(tokens)), out var page) || !page.Tokens.AsSpan().SequenceEqual(tokens))
        {
            return null;
        }

        if (page.References++ == 0)
        {
            _unused.Remove(page.Place);
        }

        return page;
    }

    /// <summary>Keeps a full page for reuse. Where another one of the same tokens is kept already, that one stays.</summary>
    /// <returns>The serial by which pages after it name it.</returns>
    public long Keep(Page page, long parent, ReadOnlySpan<int> tokens)
    {
        var key = new PageKey(parent, Hash(tokens));
        if (_index.TryGetValue(key, out var kept))
        {
            // The other page's children serve this sequence as well, unless the hash only looks alike.
            return kept.Tokens.AsSpan().SequenceEqual(tokens) ? kept.Serial : NewRoot();
        }

        page.Key = key;
        page.Tokens = tokens.ToArray();
        page.Serial = NewRoot();
        _index.Add(key, page);
        return page.Serial;
    }

    /// <summary>
    /// One sequence less uses these pages, in their order. The last is forgotten first: without the pages before it, a
    /// page cannot be found.
    /// </summary>
    public void Release(IReadOnlyList<Page> pages)
    {
        for (var index = pages.Count - 1; index >= 0; index--)
        {
            var page = pages[index];
            if (--page.References > 0)
            {
                continue;
            }

            if (page.Key is null)
            {
                _free.Push(page);
            }
            else
            {
                _unused.AddLast(page.Place);
            }
        }
    }

    /// <summary>A serial that no page has: the beginning of sequences that share nothing with others (an adapter's).</summary>
    public long NewRoot() => ++_serial;

    /// <summary>Frees all pages.</summary>
    public void Dispose()
    {
        foreach (var page in _pages)
        {
            page.Memory.Dispose();
        }
    }

    private static KeyValueLayout LayoutOf(ModelConfig config, TensorType type) => new(config.KeyValueHeadCount, config.HeadSize, type == TensorType.F16);

    private static ulong Hash(ReadOnlySpan<int> tokens)
    {
        // FNV-1a over whole tokens; equal hashes are compared token by token.
        var hash = 14695981039346656037UL;
        foreach (var token in tokens)
        {
            hash = (hash ^ (uint)token) * 1099511628211UL;
        }

        return hash;
    }

    private void Forget(Page page)
    {
        _index.Remove(page.Key!.Value);
        page.Key = null;
        page.Tokens = [];
    }

    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct PageKey(long Parent, ulong Hash);

    /// <summary>Keys and values of some positions of one or more sequences that begin alike.</summary>
    internal sealed class Page
    {
        public Page(NativeBuffer memory)
        {
            Memory = memory;
            Place = new LinkedListNode<Page>(this);
        }

        public NativeBuffer Memory { get; }

        /// <summary>Its place among the unused ones.</summary>
        public LinkedListNode<Page> Place { get; }

        /// <summary>Sequences that use it.</summary>
        public int References { get; set; }

        /// <summary>Where it is found for reuse, when it is full.</summary>
        public PageKey? Key { get; set; }

        /// <summary>Its tokens, when it is full.</summary>
        public int[] Tokens { get; set; } = [];

        /// <summary>By which pages after it name it.</summary>
        public long Serial { get; set; }
    }
}
