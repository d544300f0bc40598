using System.Text;
using Landfall.Platform.Datasets;

namespace Landfall.Platform.Tests.Datasets;

/// <summary>Each kind of bad file has one clear message with the line and the remedy.</summary>
public sealed class RowReaderBadInputTests
{
    private const string Good = "{\"text\": \"a\", \"label\": \"b\"}\n";

    [Theory]
    [InlineData("rows.jsonl", Good + "where is my card,card\n", 2, "expected a JSON object")]
    [InlineData("rows.csv", "text,label\na,b\n{\"text\": \"a\", \"label\": \"b\", \"c\": 1}\n", 3, "looks like JSON")]
    [InlineData("rows.jsonl", "text,label\na,b\n", 1, "the name says JSON")]
    [InlineData("rows.jsonl", Good + "\n{\"text\": \"a\"}\n", 3, "no 'label'")]
    [InlineData("rows.jsonl", Good + "{\"question\": \"a\", \"label\": \"b\"}\n", 2, "no 'text'")]
    [InlineData("rows.jsonl", Good + "{\"text\": \"\", \"label\": \"b\"}\n", 2, "no 'text'")]
    [InlineData("rows.jsonl", Good + "{\"text\": \"a\", \"label\": null}\n", 2, "no 'label'")]
    [InlineData("rows.jsonl", Good + "{\"text\": 5, \"label\": \"b\"}\n", 2, "'text' is a number")]
    [InlineData("rows.jsonl", Good + "{\"text\": [\"a\"], \"label\": \"b\"}\n", 2, "'text' is an array")]
    [InlineData("rows.jsonl", Good + "{\"text\": \"a\", \"text\": \"b\", \"label\": \"c\"}\n", 2, "twice")]
    [InlineData("rows.jsonl", Good + "{\"text\": \"a\", \"label\": \"c\", \"x\": 1, \"x\": 2}\n", 2, "'x' appears twice")]
    [InlineData("rows.jsonl", "{\"body\": \"a\", \"label\": \"b\"}\n", 1, "no field for the input (text, input,")]
    [InlineData("rows.jsonl", "{\"messages\": []}\n", 1, "'messages' has no answer by the assistant")]
    [InlineData("rows.jsonl", "{\n  \"text\": \"a\",\n  \"label\": \"b\"\n}\n", 1, "one object on one line")]
    [InlineData("rows.jsonl", Good + "{\"text\": \"a\", \"label\": \"b\"", 2, "not a whole JSON object")]
    [InlineData("rows.jsonl", Good + "{\"text\": \"a\", \"label\": \"b\"} {}\n", 2, "not a whole JSON object")]
    [InlineData("rows.jsonl", Good + "{\"text\": \"\\ud800\", \"label\": \"b\"}\n", 2, "half of a surrogate pair")]
    [InlineData("rows.json", "[" + Good + ",\n5]", 3, "expected a JSON object")]
    [InlineData("rows.json", "[" + Good + Good + "]", 2, "expected ',' or ']'")]
    [InlineData("rows.json", "[" + Good + ",\n{\"text\": \"a", 3, "not closed")]
    [InlineData("rows.json", "[" + Good, 2, "not closed")]
    [InlineData("rows.json", "[" + Good + "]\n[]", 3, "behind the JSON array's end")]
    [InlineData("rows.csv", "text,label\na,b\nhello, world,b\n", 3, "the row has 3 cells, the header 2")]
    [InlineData("rows.csv", "text,label\na\n", 2, "the row has 1 cell, the header 2")]
    [InlineData("rows.csv", "text,label\n\"a\nb\",c\n,d\n", 4, "'text' is empty")]
    [InlineData("rows.csv", "text,label\na,b\nc,\"d\n\ne", 3, "never closed")]
    [InlineData("rows.csv", "text,label\n\"a\"b,c\n", 2, "behind a closing double quote")]
    [InlineData("rows.csv", "text,label,note,note\na,b,c,d\n", 1, "'note' 2 times")]
    [InlineData("rows.csv", "where is my card,card_arrival\n", 1, "no column for the input")]
    [InlineData("rows.csv", "text,label\na,b\n\0\0\0,d\n", 3, "NUL byte")]
    [InlineData("rows.jsonl", "", 0, "no rows")]
    [InlineData("rows.jsonl", " \n\n", 0, "no rows")]
    [InlineData("rows.csv", "text,label\n", 0, "no rows")]
    [InlineData("rows.json", "[]", 0, "no rows")]
    [InlineData("rows.csv", "PK\u0003\u0004...", 0, "the workbook is damaged")]
    [InlineData("rows.xlsx", "PAR1...", 0, "cut short")]
    public async Task ReadAsync_BadFile_NamesFileLineAndRemedy(string name, string content, long line, string problem)
    {
        var error = await RowFiles.ErrorAsync(Encoding.UTF8.GetBytes(content), name);
        Assert.Equal(line, error.Line);
        Assert.StartsWith(line > 0 ? $"{name}, line {line}: " : $"{name}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rows.jsonl", "{\"text\": \"a\", \"label\": \"b\"}\n{\"text\": \"caf\u00e9\", \"label\": \"b\"}\n", 2, 14)]
    [InlineData("rows.csv", "text,label\n\"a\n\u00e9\",b\n", 3, 1)]
    public async Task ReadAsync_Latin1_NamesLineAndByte(string name, string content, long line, int column)
    {
        var error = await RowFiles.ErrorAsync(Encoding.Latin1.GetBytes(content), name);
        Assert.Equal(line, error.Line);
        Assert.Contains($"byte {column}: invalid UTF-8 (byte 0xE9)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_HalfASurrogateInUtf16_NamesTheLine()
    {
        var error = await RowFiles.ErrorAsync([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("text,label\na,b\n"), 0x00, 0xD8, .. Encoding.Unicode.GetBytes(",b\n")], "rows.csv");
        Assert.Equal(3, error.Line);
        Assert.Contains("invalid UTF-16", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_Utf16CutInACharacter_IsRefused()
    {
        var error = await RowFiles.ErrorAsync([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("text,label\na,b\n"), 0x61], "rows.csv");
        Assert.Contains("cut off", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_RowAtTheLimit_IsReadAndOneByteMoreRefused()
    {
        const int limit = 400_000;
        var row = $"{{\"label\": \"b\", \"text\": \"{new string('a', limit - 26)}\"}}";
        Assert.Equal(limit, row.Length);
        foreach (var end in new[] { "", "\n" })
        {
            Assert.Equal(2, (await RowFiles.ReadAsync(Encoding.UTF8.GetBytes(Good + row + end), "rows.jsonl", limit)).Count);
        }

        foreach (var end in new[] { "", "\n", "\r\n" })
        {
            var error = await RowFiles.ErrorAsync(Encoding.UTF8.GetBytes(Good + row + end), "rows.jsonl", limit - 1);
            Assert.Equal(2, error.Line);
            Assert.Contains("longer than", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("rows.jsonl", "{\"text\": \"", 1)]
    [InlineData("rows.json", "[{\"text\": \"", 1)]
    [InlineData("rows.csv", "text,label\n\"", 2)]
    [InlineData("rows.csv", "text,label\n", 2)]
    [InlineData("rows.csv", "", 1)]
    public async Task ReadAsync_LineOfTwoGigabytes_IsRefusedInConstantMemory(string name, string beginning, long line)
    {
        using var giant = new GiantStream(Encoding.UTF8.GetBytes(beginning), 2L << 30);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var error = await Assert.ThrowsAsync<DataFormatException>(async () =>
        {
            await foreach (var _ in new RowReader().ReadAsync(giant, name, CancellationToken.None))
            {
            }
        });

        Assert.Equal(line, error.Line);
        Assert.Contains("longer than 16 MB", error.Message, StringComparison.Ordinal);
        Assert.True(giant.Given < 32L << 20, $"{giant.Given} bytes were read.");

        // Other tests allocate meanwhile; the line itself would be 2 GB.
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 1L << 30);
    }

    /// <summary>A beginning, then the letter a without an end of line.</summary>
    private sealed class GiantStream(byte[] beginning, long length) : Stream
    {
        public long Given { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position
        {
            get => Given;
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            var count = (int)Math.Min(buffer.Length, length - Given);
            for (var i = 0; i < count; i++, Given++)
            {
                buffer[i] = Given < beginning.Length ? beginning[Given] : (byte)'a';
            }

            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
