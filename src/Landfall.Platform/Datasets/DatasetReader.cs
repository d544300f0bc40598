using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Landfall.Platform.Datasets.Reading;
using Landfall.Platform.Storage;
using Landfall.Protocol.Datasets;

namespace Landfall.Platform.Datasets;

/// <summary>
/// Reads the canonical rows of dataset versions. For a page it needs to know where a row begins: the offset of every
/// 1,000th row is found when a version is first paged through, and kept for the versions last used (8 KB per million rows).
/// </summary>
public sealed class DatasetReader(BlobStore blobs)
{
    private const int Stride = 1_000;
    private const int MaxKnownVersions = 64;

    /// <summary>Escapes can make a row six times as long as it was when it was accepted.</summary>
    private const int MaxLineBytes = 6 * RowReader.DefaultMaxRowBytes;

    private readonly ConcurrentDictionary<string, List<long>> _offsets = new(StringComparer.Ordinal);

    /// <summary>All rows of a version, in order.</summary>
    /// <exception cref="FileNotFoundException">There is no such version.</exception>
    public IAsyncEnumerable<Row> ReadAsync(string version, CancellationToken cancellation) => ReadFromAsync(version, 0, cancellation);

    /// <summary>A part of a version's rows, without reading what is before it.</summary>
    /// <exception cref="FileNotFoundException">There is no such version.</exception>
    public async Task<IReadOnlyList<DatasetRow>> ReadPageAsync(string version, long offset, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var page = new List<DatasetRow>();
        var offsets = await OffsetsAsync(version, cancellation).ConfigureAwait(false);
        if (limit <= 0 || offset / Stride >= offsets.Count)
        {
            return page;
        }

        var toSkip = offset % Stride;
        await foreach (var row in ReadFromAsync(version, offsets[(int)(offset / Stride)], cancellation).ConfigureAwait(false))
        {
            if (toSkip-- > 0)
            {
                continue;
            }

            page.Add(ToProtocol(row));
            if (page.Count == limit)
            {
                break;
            }
        }

        return page;
    }

    /// <summary>A page of the rows that fit, and how many there are. All rows are read.</summary>
    /// <param name="version">The version.</param>
    /// <param name="search">Found in the text, whatever its case; null: anything.</param>
    /// <param name="expected">The expected output; null: any.</param>
    /// <param name="offset">Fitting rows to pass over.</param>
    /// <param name="limit">At most this many.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="FileNotFoundException">There is no such version.</exception>
    public async Task<DatasetPage> FindPageAsync(string version, string? search, string? expected, long offset, int limit, CancellationToken cancellation)
    {
        var page = new List<DatasetRow>();
        var fitting = 0L;
        await foreach (var row in ReadAsync(version, cancellation).ConfigureAwait(false))
        {
            if ((expected is null || row.Expected == expected) && (search is null || row.Text.Contains(search, StringComparison.OrdinalIgnoreCase)))
            {
                if (fitting >= offset && page.Count < limit)
                {
                    page.Add(ToProtocol(row));
                }

                fitting++;
            }
        }

        return new DatasetPage(fitting, page);
    }

    internal static DatasetRow ToProtocol(Row row) => new() { Id = row.Id, Text = row.Text, Expected = row.Expected, Fields = row.Fields };

    private async IAsyncEnumerable<Row> ReadFromAsync(string version, long start, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var content = blobs.Open(version);
        await using (content.ConfigureAwait(false))
        {
            content.Position = start;
            var window = new ByteWindow(new StreamSource(content, default, 0), version, MaxLineBytes);
            var raw = new RawRow();
            while (!window.Ended)
            {
                await window.FillAsync(cancellation).ConfigureAwait(false);
                while (TryRead(window, raw) is { } row)
                {
                    yield return row;
                }
            }
        }
    }

    private static Row? TryRead(ByteWindow window, RawRow raw)
    {
        var length = window.Unread.IndexOf((byte)'\n');
        if (length < 0)
        {
            return window.Ended && !window.Unread.IsEmpty
                ? throw new InvalidDataException($"The stored dataset version {window.File} was cut off. Import the file again.")
                : null;
        }

        var line = window.Unread[..length];
        CanonicalRow.Read(line, raw);
        var row = raw.ToRow(CanonicalRow.IdOf(line));
        window.Advance(length + 1, 1);
        return row;
    }

    private async Task<List<long>> OffsetsAsync(string version, CancellationToken cancellation)
    {
        if (_offsets.TryGetValue(version, out var known))
        {
            return known;
        }

        var offsets = await FindOffsetsAsync(version, cancellation).ConfigureAwait(false);
        if (_offsets.Count >= MaxKnownVersions)
        {
            _offsets.Clear();
        }

        _offsets[version] = offsets;
        return offsets;
    }

    private async Task<List<long>> FindOffsetsAsync(string version, CancellationToken cancellation)
    {
        var content = blobs.Open(version);
        await using (content.ConfigureAwait(false))
        {
            var offsets = new List<long> { 0 };
            var buffer = new byte[1 << 18];
            var (position, lines) = (0L, 0L);
            int read;
            while ((read = await content.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
            {
                for (var at = 0; buffer.AsSpan(at, read - at).IndexOf((byte)'\n') is >= 0 and var next;)
                {
                    at += next + 1;
                    if (++lines % Stride == 0)
                    {
                        offsets.Add(position + at);
                    }
                }

                position += read;
            }

            return offsets;
        }
    }
}
