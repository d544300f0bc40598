namespace Landfall.Training.Tuning;

/// <summary>
/// In which order examples are learnt from: epoch after epoch, each shuffled anew and packed window by window. It follows
/// from the rows and the seed alone, so that a resumed training skips what it has seen and goes on alike.
/// </summary>
public sealed class DataOrder
{
    /// <summary>Examples that are packed together: enough to fill rows well, few enough that an epoch stays shuffled.</summary>
    private const int Window = 2048;

    private readonly int _seed;
    private readonly List<IReadOnlyList<TokenRow>> _firstEpoch;

    /// <param name="rows">The examples.</param>
    /// <param name="rowLength">Positions of a packed row.</param>
    /// <param name="seed">The same seed gives the same order.</param>
    public DataOrder(TokenRows rows, int rowLength, int seed)
    {
        Rows = rows;
        RowLength = rowLength;
        _seed = seed;
        _firstEpoch = Epoch(0);
        PaddingShare = 1 - (rows.TokenCount / ((double)_firstEpoch.Count * rowLength));
    }

    /// <summary>The examples.</summary>
    public TokenRows Rows { get; }

    /// <summary>Positions of a packed row.</summary>
    public int RowLength { get; }

    /// <summary>Packed rows of the first epoch; later ones may need one more or less.</summary>
    public int RowsPerEpoch => _firstEpoch.Count;

    /// <summary>The share of the first epoch's positions that hold no token.</summary>
    public double PaddingShare { get; }

    /// <summary>Packed rows without an end.</summary>
    /// <param name="skip">How many to skip.</param>
    public IEnumerable<IReadOnlyList<TokenRow>> From(long skip)
    {
        for (var epoch = 0; ; epoch++)
        {
            var rows = epoch == 0 ? _firstEpoch : Epoch(epoch);
            for (var row = (int)Math.Min(skip, rows.Count); row < rows.Count; row++)
            {
                yield return rows[row];
            }

            skip = Math.Max(skip - rows.Count, 0);
        }
    }

    private List<IReadOnlyList<TokenRow>> Epoch(int epoch)
    {
        var random = new Random(HashCode(_seed, epoch));
        var order = Enumerable.Range(0, Rows.Rows.Count).ToArray();
        random.Shuffle(order);
        List<IReadOnlyList<TokenRow>> packed = [];
        foreach (var window in order.Chunk(Window))
        {
            var rows = Packer.Pack([.. window.Select(i => Rows.Rows[i].Length)], RowLength).ToArray();

            // First-fit decreasing puts long examples into the first rows.
            random.Shuffle(rows);
            packed.AddRange(rows.Select(r => (IReadOnlyList<TokenRow>)[.. r.Select(i => Rows.Rows[window[i]])]));
        }

        return packed;
    }

    /// <summary>The same in every process, unlike <see cref="System.HashCode"/>.</summary>
    private static int HashCode(int seed, int epoch) => unchecked((seed * (int)2654435761) ^ (epoch * (int)2246822519) ^ 0x27d4eb2f);
}
