namespace Landfall.Platform.Datasets.Reading;

/// <summary>Rows of a text file: JSON lines, JSON, CSV.</summary>
internal sealed class TextRowSource : RowSource
{
    private readonly ByteWindow _window;
    private readonly RecordParser _parser;

    private TextRowSource(ByteWindow window, RecordParser parser, FileFormat format)
    {
        _window = window;
        _parser = parser;
        Format = format;
    }

    public override FileFormat Format { get; }

    public override FieldRoles? Roles => _parser.Roles;

    public override IReadOnlyList<string>? OtherColumns => (_parser as CsvParser)?.OtherColumns;

    public override long Skipped => _parser.Skipped;

    public override long BytesTaken => _window.BytesTaken;

    protected override string? Shape => _parser.Shape;

    protected override string File => _window.File;

    protected override bool IsAtEnd => _window.Ended;

    /// <param name="content">The file, after the bytes that were taken from it.</param>
    /// <param name="taken">Its first bytes.</param>
    /// <param name="file">Its name.</param>
    /// <param name="reading">Which fields are input and output, if that is known.</param>
    /// <param name="maxRowBytes">The longest row.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<TextRowSource> OpenTextAsync(
        Stream content, ReadOnlyMemory<byte> taken, string file, RowReading reading, int maxRowBytes, CancellationToken cancellation)
    {
        var (encoding, skip) = ByteOrderMark(taken.Span, file);
        IByteSource source = new StreamSource(content, taken[skip..], skip);
        if (encoding != "utf-8")
        {
            source = new Utf16Source(source, bigEndian: encoding == "utf-16be", file);
        }

        var window = new ByteWindow(source, file, maxRowBytes);
        await window.FillAsync(cancellation).ConfigureAwait(false);
        var format = FormatDetector.Detect(window, encoding);
        var given = FieldRoles.Given(reading);
        RecordParser parser = format.Name switch
        {
            "jsonl" => new JsonLinesParser(given),
            "json" => new JsonArrayParser(format.Layout, format.Start, given),
            _ => new CsvParser(format.Delimiter!.Value, given),
        };
        window.TooLongHint = format.Name == "csv" ? ", and for a double quote that is never closed" : "";
        return new TextRowSource(window, parser, format);
    }

    public override ValueTask FillAsync(CancellationToken cancellation) => _window.FillAsync(cancellation);

    protected override bool TryReadNext(RawRow row) => _parser.TryRead(_window, row);

    private static (string Encoding, int Length) ByteOrderMark(ReadOnlySpan<byte> mark, string file)
    {
        if (mark is [0xFF, 0xFE, 0, 0, ..] or [0, 0, 0xFE, 0xFF, ..])
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
