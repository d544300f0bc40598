namespace Landfall.Platform.Datasets;

/// <summary>
/// Counts rows that were seen before, by 64-bit hashes in a table of bounded size. The count is exact up to the capacity.
/// Beyond it only hashes whose low bits are zero are kept (each time the table is full, one bit more), and the count is
/// scaled up: every copy of a row has its hash, so a row is kept or left out together with its copies, and the estimate
/// is unbiased.
/// </summary>
/// <param name="capacity">Distinct rows that are counted exactly. The default takes up to 48 MB.</param>
internal sealed class DuplicateCounter(int capacity = 2_500_000)
{
    private ulong[] _hashes = new ulong[1 << 12];
    private int[] _copies = new int[1 << 12];
    private int _used;
    private int _ignoredBits;

    /// <summary>Rows beyond the first of their kind.</summary>
    public long Count { get; private set; }

    public bool IsEstimate => _ignoredBits > 0;

    public void Add(ulong hash)
    {
        // 0 marks a free slot; the hash that is 0 shares the slot of another.
        hash = hash == 0 ? 1UL << 63 : hash;
        if ((hash & ((1UL << _ignoredBits) - 1)) != 0)
        {
            return;
        }

        var slot = Slot(_hashes, hash);
        if (_hashes[slot] == hash)
        {
            _copies[slot]++;
            Count += 1L << _ignoredBits;
            return;
        }

        _hashes[slot] = hash;
        if (++_used > capacity)
        {
            _ignoredBits++;
            Rebuild(_hashes.Length);
        }
        else if (_used > _hashes.Length / 4 * 3)
        {
            Rebuild(_hashes.Length * 2);
        }
    }

    /// <summary>The slot that holds the hash, or the free one where it belongs. The high bits choose: the low ones may all be zero.</summary>
    private static int Slot(ulong[] hashes, ulong hash)
    {
        var slot = (int)((hash >> 32) & (ulong)(hashes.Length - 1));
        while (hashes[slot] != 0 && hashes[slot] != hash)
        {
            slot = (slot + 1) & (hashes.Length - 1);
        }

        return slot;
    }

    private void Rebuild(int size)
    {
        var (hashes, copies) = (new ulong[size], new int[size]);
        var mask = (1UL << _ignoredBits) - 1;
        var kept = 0L;
        _used = 0;
        for (var i = 0; i < _hashes.Length; i++)
        {
            if (_hashes[i] != 0 && (_hashes[i] & mask) == 0)
            {
                var slot = Slot(hashes, _hashes[i]);
                (hashes[slot], copies[slot]) = (_hashes[i], _copies[i]);
                kept += _copies[i];
                _used++;
            }
        }

        (_hashes, _copies) = (hashes, copies);
        Count = kept << _ignoredBits;
    }
}
