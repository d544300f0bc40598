using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;

namespace Landfall.Inference.Tokenizers;

/// <summary>
/// Byte-pair encoding of one piece: begins with its characters and joins the pair of neighbours that ranks first, leftmost
/// first among equals, until none can be joined. A queue of pairs keeps it at n log n for pieces of any length.
/// </summary>
internal abstract class MergingModel : TokenModel
{
    private const int LongestCachedPiece = 48;
    private const int MostCachedPieces = 32_768;

    [ThreadStatic]
    private static Workspace? _workspace;

    private readonly ConcurrentDictionary<string, int[]> _cache = new(StringComparer.Ordinal);
    private int _cached;

    public override void Encode(ReadOnlySpan<char> piece, List<int> tokens)
    {
        if (WholePiece(piece) is { } whole)
        {
            tokens.Add(whole);
            return;
        }

        if (piece.Length > LongestCachedPiece)
        {
            Merge(piece, tokens);
            return;
        }

        if (_cache.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(piece, out var known))
        {
            tokens.AddRange(known);
            return;
        }

        var first = tokens.Count;
        Merge(piece, tokens);
        if (_cached < MostCachedPieces && _cache.TryAdd(piece.ToString(), tokens.Slice(first, tokens.Count - first).ToArray()))
        {
            Interlocked.Increment(ref _cached);
        }
    }

    /// <summary>The token of a piece that is not to be put together from characters, or null.</summary>
    protected virtual int? WholePiece(ReadOnlySpan<char> piece) => null;

    /// <summary>The token of a single character, or -1.</summary>
    protected abstract int Character(ReadOnlySpan<char> character, bool first, bool last);

    /// <summary>The token that two neighbours join to, and the rank at which they do.</summary>
    protected abstract bool Join(in Symbol left, in Symbol right, ReadOnlySpan<char> text, out int rank, out int token);

    /// <summary>What stands for a character without a token.</summary>
    protected abstract UnknownText Unknown { get; }

    private void Merge(ReadOnlySpan<char> piece, List<int> tokens)
    {
        var workspace = _workspace ?? new();
        _workspace = null;
        workspace.Begin(piece.Length);
        Split(piece, workspace);
        Join(piece, workspace);
        Collect(piece, workspace, tokens);
        if (workspace.Symbols.Length <= 1 << 16)
        {
            _workspace = workspace;
        }
    }

    private void Split(ReadOnlySpan<char> piece, Workspace workspace)
    {
        var at = 0;
        while (at < piece.Length)
        {
            Rune.DecodeFromUtf16(piece[at..], out _, out var width);
            var token = Character(piece.Slice(at, width), at == 0, at + width == piece.Length);
            workspace.Symbols[workspace.Count] = new() { Start = at, Length = width, Token = token, Previous = workspace.Count - 1, Next = workspace.Count + 1 };
            workspace.Count++;
            at += width;
        }

        for (var i = 0; i + 1 < workspace.Count; i++)
        {
            Propose(piece, workspace, i, i + 1);
        }
    }

    private void Propose(ReadOnlySpan<char> piece, Workspace workspace, int left, int right)
    {
        if (Join(workspace.Symbols[left], workspace.Symbols[right], piece, out var rank, out var token))
        {
            workspace.Queue.Enqueue(token, ((long)rank << 32) | (uint)left);
        }
    }

    private void Join(ReadOnlySpan<char> piece, Workspace workspace)
    {
        var symbols = workspace.Symbols;
        while (workspace.Queue.TryDequeue(out var token, out var priority))
        {
            var left = (int)(priority & uint.MaxValue);
            ref var symbol = ref symbols[left];
            var right = symbol.Next;
            if (symbol.Length == 0 || right >= workspace.Count
                || !Join(symbol, symbols[right], piece, out _, out var now) || now != token)
            {
                continue;
            }

            symbol.Length += symbols[right].Length;
            symbol.Token = token;
            symbol.Next = symbols[right].Next;
            symbols[right].Length = 0;
            if (symbol.Next < workspace.Count)
            {
                symbols[symbol.Next].Previous = left;
                Propose(piece, workspace, left, symbol.Next);
            }

            if (symbol.Previous >= 0)
            {
                Propose(piece, workspace, symbol.Previous, left);
            }
        }
    }

    private void Collect(ReadOnlySpan<char> piece, Workspace workspace, List<int> tokens)
    {
        var afterUnknown = false;
        for (var i = 0; i < workspace.Count; i = workspace.Symbols[i].Next)
        {
            ref var symbol = ref workspace.Symbols[i];
            if (symbol.Token >= 0)
            {
                tokens.Add(symbol.Token);
                afterUnknown = false;
            }
            else
            {
                afterUnknown = Unknown.Append(tokens, piece.Slice(symbol.Start, symbol.Length), afterUnknown);
            }
        }
    }

    /// <summary>A stretch of the piece that is one token, or one character that has none.</summary>
    [StructLayout(LayoutKind.Sequential)]
    protected struct Symbol
    {
        public int Start;
        public int Length;
        public int Token;
        public int Previous;
        public int Next;
    }

    private sealed class Workspace
    {
        public Symbol[] Symbols { get; private set; } = new Symbol[64];

        public PriorityQueue<int, long> Queue { get; } = new();

        public int Count { get; set; }

        public void Begin(int length)
        {
            Count = 0;
            Queue.Clear();
            if (Symbols.Length < length)
            {
                Symbols = new Symbol[length];
            }
        }
    }
}
