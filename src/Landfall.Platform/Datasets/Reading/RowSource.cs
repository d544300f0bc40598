namespace Landfall.Platform.Datasets.Reading;

/// <summary>
/// A file of rows being read. <see cref="TryRead"/> takes rows out of memory without waiting; when it has none,
/// <see cref="FillAsync"/> brings more: the cost of waiting is paid per buffer, not per row.
/// </summary>
internal sealed class RowSource
{
    private readonly ByteWindow _window;
    private readonly RecordParser _parser;

    private RowSource(ByteWindow window, RecordParser parser, FileFormat format)
    {
        _window = window;
        _parser = parser;
        Format = format;
    }

    public FileFormat Format { get; }

    public FieldRoles? Roles => _parser.Roles;

    /// <summary>With CSV: the further columns.</summary>
    public IReadOnlyList<string>? OtherColumns => (_parser as CsvParser)?.OtherColumns;

    public long Rows { get; private set; }

    public long BytesTaken => _window.BytesTaken;

    /// <summary>All rows have been read.</summary>
    public bool Ended { get; private set; }

    public static async Task<RowSource> OpenAsync(Stream content, string file, int maxRowBytes, CancellationToken cancellation)
    {
        var mark = new byte[4];
        var length = await content.ReadAtLeastAsync(mark, mark.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        var (encoding, skip) = ByteOrderMark(mark.AsSpan(0, length), file);
        IByteSource source = new StreamSource(content, mark.AsMemory(skip, length - skip), skip);
        if (encoding != "utf-8")
        {
            source = new Utf16Source(source, bigEndian: encoding == "utf-16be", file);
        }

        var window = new ByteWindow(source, file, maxRowBytes);
        await window.FillAsync(cancellation).ConfigureAwait(false);
        var format = FormatDetector.Detect(window, encoding);
        RecordParser parser = format.Name switch
        {
            "jsonl" => new JsonLinesParser(),
            "json" => new JsonArrayParser(),
            _ => new CsvParser(format.Delimiter!.Value),
        };
        window.TooLongHint = format.Name == "csv" ? ", and for a double quote that is never closed" : "";
        return new RowSource(window, parser, format);
    }

    public bool TryRead(RawRow row)
    {
        if (_parser.TryRead(_window, row))
        {
            Rows++;
            return true;
        }

        Ended = _window.Ended;
        return Ended && Rows == 0
            ? throw new DataFormatException(_window.File, 0, "the file has no rows. Write at least one row with an input and its expected output, such as {\"text\": \"...\", \"label\": \"...\"}.")
            : false;
    }

    public ValueTask FillAsync(CancellationToken cancellation) => _window.FillAsync(cancellation);

    private static (string Encoding, int Length) ByteOrderMark(ReadOnlySpan<byte> mark, string file)
    {
        if (mark is [0xFF, 0xFE, 0, 0] or [0, 0, 0xFE, 0xFF])
        {
            throw new DataFormatException(file, 0, "the file is UTF-32. Save it as UTF-8.");
        }

        return mark switch
        {
            [0xEF, 0xBB, 0xBF, ..] => ("utf-8", 3),
            [0xFF, 0xFE, ..] => ("utf-16le", 2),
            [0xFE, 0xFF, ..] => ("utf-16be", 2),
            _ => ("utf-8", 0),
        };
    }
}
