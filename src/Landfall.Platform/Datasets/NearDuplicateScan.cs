using System.Text;
using Landfall.Retrieval.Duplicates;

namespace Landfall.Platform.Datasets;

/// <summary>
/// Near duplicates among the first rows of an import: at most 50,000 rows and 6 million shingles (24 MB). Once that is
/// full, they are looked for beside the reading of the rest.
/// </summary>
internal sealed class NearDuplicateScan
{
    private const int MaxRows = 50_000;
    private const long MaxShingles = 6_000_000;

    /// <summary>A text longer than this is no near duplicate for our purpose; it would crowd out thousands of others.</summary>
    private const int MaxTextBytes = 1 << 16;

    private MinHashIndex? _index = new();
    private char[] _characters = new char[1 << 10];
    private Task<long>? _finding;

    /// <summary>Rows among which near duplicates are looked for.</summary>
    public long LookedAt { get; private set; }

    public void Add(ReadOnlySpan<byte> text)
    {
        if (_index is not { } index)
        {
            return;
        }

        LookedAt++;
        if (text.Length <= MaxTextBytes)
        {
            if (_characters.Length < text.Length)
            {
                _characters = new char[text.Length * 2];
            }

            index.Add(_characters.AsSpan(0, Encoding.UTF8.GetChars(text, _characters)));
        }

        if (LookedAt == MaxRows || index.Shingles >= MaxShingles)
        {
            Start(CancellationToken.None);
        }
    }

    /// <summary>Rows in groups of near duplicates.</summary>
    public Task<long> CompleteAsync(CancellationToken cancellation)
    {
        Start(cancellation);
        return _finding!.WaitAsync(cancellation);
    }

    private void Start(CancellationToken cancellation)
    {
        if (_index is { } index)
        {
            _index = null;
            _finding = Task.Run(() => index.FindGroups(cancellation).Sum(g => (long)g.Count), cancellation);
        }
    }
}
