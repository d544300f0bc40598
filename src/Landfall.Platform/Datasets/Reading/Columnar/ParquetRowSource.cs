using Landfall.Platform.Datasets.Reading.Json;
using Parquet;
using Parquet.Serialization;

namespace Landfall.Platform.Datasets.Reading.Columnar;

/// <summary>Rows of a Parquet file, one row group in memory at a time. Lists and structs become JSON.</summary>
internal sealed class ParquetRowSource : RowSource, IRowPlace
{
    /// <summary>A row group is read as a whole.</summary>
    private const long MaxGroupBytes = 1L << 30;

    private const int MaxColumns = 16_384;

    /// <summary>More than a small file takes on the busiest machine; large ones get four seconds a megabyte beside it.</summary>
    private static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(20);

    private static readonly ParquetOptions Options = new() { TreatByteArrayAsString = true, UseDateOnlyTypeForDates = true };

    private readonly Stream _content;
    private readonly ParquetReader _reader;
    private readonly int _maxRowBytes;
    private readonly JsonRow _json;
    private readonly TableRecord _record = new();
    private IList<IDictionary<string, object>> _group = [];
    private int _next;
    private int _groups;

    private ParquetRowSource(Stream content, ParquetReader reader, string file, RowReading reading, int maxRowBytes)
    {
        (_content, _reader, File, _maxRowBytes) = (content, reader, file, maxRowBytes);
        var given = FieldRoles.Given(reading);
        Columns = [.. reader.Schema.Fields.Select(f => f.Name)];
        _json = new JsonRow(given ?? (TableRecord.MayBeShaped(Columns) || FieldRoles.AreIn(Columns) is false ? null : FieldRoles.Choose(Columns, file, 0, "column")));
    }

    public override FileFormat Format { get; } = new("parquet", "utf-8", Delimiter: null);

    public override FieldRoles? Roles => _json.Roles;

    public override IReadOnlyList<string> OtherColumns => [.. Columns.Where(c => c != Roles?.Text && c != Roles?.Expected)];

    public override long Skipped => _json.Skipped;

    public override long BytesTaken => Math.Min(_content.Position, _content.Length);

    public long Line { get; private set; }

    string IRowPlace.File => File;

    protected override string? Shape => _json.Shape?.Name;

    protected override string File { get; }

    protected override bool IsAtEnd => _groups == _reader.RowGroupCount && _next == _group.Count;

    private IReadOnlyList<string> Columns { get; }

    /// <param name="content">A stream that can seek.</param>
    /// <param name="file">Its name.</param>
    /// <param name="reading">Which columns.</param>
    /// <param name="maxRowBytes">The longest row.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="DataFormatException">It is damaged.</exception>
    public static async Task<ParquetRowSource> OpenTableAsync(Stream content, string file, RowReading reading, int maxRowBytes, CancellationToken cancellation)
    {
        await CheckEndAsync(content, file, cancellation).ConfigureAwait(false);
        return await GuardAsync(file, content.Length, cancellation, async () =>
        {
            content.Position = 0;
            var reader = await ParquetReader.CreateAsync(new EndCheckedStream(content), Options, leaveStreamOpen: true, cancellation).ConfigureAwait(false);
            try
            {
                CheckSize(reader, content.Length, file);
                return new ParquetRowSource(content, reader, file, reading, maxRowBytes);
            }
            catch
            {
                await reader.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }).ConfigureAwait(false);
    }

    public DataFormatException Error(string problem) => new(File, Line, problem);

    public override async ValueTask FillAsync(CancellationToken cancellation)
    {
        if (_groups == _reader.RowGroupCount)
        {
            return;
        }

        _content.Position = 0;
        var read = await GuardAsync(File, _content.Length, cancellation, () => ParquetSerializer.DeserializeUntypedAsync(new EndCheckedStream(_content), Options, _groups, cancellation)).ConfigureAwait(false);
        (_group, _next) = ([.. read.Data], 0);
        _groups++;
    }

    public override ValueTask DisposeAsync() => _reader.DisposeAsync();

    protected override bool TryReadNext(RawRow row)
    {
        while (_next < _group.Count)
        {
            Line++;
            _record.Begin();
            foreach (var (name, value) in _group[_next++])
            {
                if (value is not null)
                {
                    ParquetValue.Write(_record.Value(name), value, this);
                }
            }

            _record.End();
            if (_record.Written.Length > _maxRowBytes)
            {
                throw Error($"the row is longer than {_maxRowBytes >> 20} MB. Shorten it.");
            }

            if (_json.Read(_record.Written, this, row))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A Parquet file ends with its directory's length and its mark: one that was cut short does not.</summary>
    private static async Task CheckEndAsync(Stream content, string file, CancellationToken cancellation)
    {
        var end = new byte[8];
        if (content.Length >= 12)
        {
            content.Position = content.Length - end.Length;
            await content.ReadExactlyAsync(end, cancellation).ConfigureAwait(false);
        }

        var directory = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(end);
        if (content.Length < 12 || !end.AsSpan(4).SequenceEqual("PAR1"u8) || directory > content.Length - 12)
        {
            throw new DataFormatException(file, 0, $"the Parquet file was cut short: its directory, which stands at the end, is missing ({content.Length} bytes are there). Copy or download it again.");
        }
    }

    private static void CheckSize(ParquetReader reader, long fileBytes, string file)
    {
        if (reader.Schema.Fields.Count > MaxColumns)
        {
            throw new DataFormatException(file, 0, $"the file has {reader.Schema.Fields.Count} columns; at most {MaxColumns} make sense. Keep the columns that matter.");
        }

        foreach (var group in reader.Metadata?.RowGroups ?? [])
        {
            var bytes = group.Columns.Sum(c => c.MetaData?.TotalUncompressedSize ?? 0);
            if (bytes is > MaxGroupBytes or < 0 || group.NumRows < 0 || group.NumRows > Math.Max(1_000_000, fileBytes))
            {
                throw new DataFormatException(file, 0, $"a row group has {group.NumRows} rows of {bytes} bytes, and at most {MaxGroupBytes >> 30} GB are read at a time. Write the file with smaller row groups (100,000 rows are usual).");
            }
        }
    }

    /// <summary>
    /// Whatever the library says of a damaged file becomes one message. Damaged counts can keep it busy nearly for ever, and it cannot be
    /// stopped: after far more time than a sound file takes, it is left alone.
    /// </summary>
    private static async Task<T> GuardAsync<T>(string file, long bytes, CancellationToken cancellation, Func<Task<T>> work)
    {
        try
        {
            return await Task.Run(work, cancellation).WaitAsync(LeastTime + TimeSpan.FromSeconds(bytes >> 18), cancellation).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not (DataFormatException or OperationCanceledException))
        {
            throw new DataFormatException(file, 0, $"the Parquet file is damaged, or written in a way that cannot be read ({FieldRoles.Shortened(error.Message)}). Copy or download it again, or save the rows as JSON lines.", error);
        }
    }
}
