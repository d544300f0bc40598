using System.Text;
using CsCheck;
using Landfall.Platform.Datasets;
using Parquet.Schema;

namespace Landfall.Platform.Tests.Datasets.Reading;

/// <summary>Valid files that are cut, or in which bytes are changed, are read or refused with one message; nothing else happens.</summary>
public sealed class FormatFuzzTests
{
    private static readonly string[] Texts =
    [
        """{"messages":[{"role":"system","content":"s"},{"role":"user","content":"a"},{"role":"assistant","content":"b","tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}],"tools":[]}""",
        """{"conversations":[{"from":"human","value":"a"},{"from":"function_call","value":"{\"name\":\"f\"}"},{"from":"gpt","value":"b"}]}""",
        """{"instruction":"a","input":"b","output":"c","history":[["d","e"]]}""",
        """{"prompt":"a","chosen":"\n\nHuman: x\n\nAssistant: y","rejected":[{"role":"assistant","content":"c"}]}""",
        """{"turns":["a","b",{"speaker":"user","text":"c"},"d"]}""",
        """{"id":"1","traceId":"2","startTime":"x","input":{"kwargs":{"a":1}},"output":[{"role":"assistant","content":"b"}],"metadata":{"k":1}}""",
        """{"info":{"trace_id":"1","tags":{"a":"b"}},"data":{"spans":[{"attributes":{"mlflow.spanInputs":"\"a\"","mlflow.spanOutputs":"{\"content\":\"b\"}"}}]}}""",
        """{"data":[{"id":"1","sessionId":"2","timestamp":"x","input":"a","output":"b"}],"meta":{}}""",
    ];

    [Fact]
    public Task ReadAsync_DamagedText_IsReadOrRefused() =>
        Gen.Select(Gen.OneOf(Texts), Gen.OneOf("f.jsonl", "f.json", "f.csv"), Damage).SampleAsync((text, name, damage) => ReadAsync(damage(Encoding.UTF8.GetBytes(text)), name), iter: 3_000);

    [Fact]
    public async Task ReadAsync_DamagedWorkbook_IsReadOrRefused()
    {
        var file = new WorkbookFile().Shared("<t>text</t>", "<r><t>label</t></r>").Formats("14", "0.0%")
            .Sheet("Data", "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row>" + WorkbookFile.Row(2, "a", "b") + WorkbookFile.Row(3, "c"), after: "<mergeCells><mergeCell ref=\"B2:B3\"/></mergeCells>").ToBytes();
        await Damage.SampleAsync(damage => ReadAsync(damage(file), "f.xlsx"), iter: 300);
    }

    /// <summary>The XML within a sound archive, damaged.</summary>
    [Fact]
    public Task ReadAsync_DamagedSheet_IsReadOrRefused()
    {
        const string Rows = "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>text</v></c><c r=\"B1\" t=\"str\"><v>label</v></c></row><row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c><c r=\"B2\" s=\"0\"><f>1</f><v>46350.5</v></c></row>";
        return Damage.SampleAsync(damage => ReadAsync(new WorkbookFile().Shared("<t>a</t>").Formats("22").Sheet("Data", Encoding.Latin1.GetString(damage(Encoding.Latin1.GetBytes(Rows)))).ToBytes(), "f.xlsx"), iter: 300);
    }

    [Fact]
    public async Task ReadAsync_DamagedParquet_IsReadOrRefused()
    {
        var files = new List<byte[]>
        {
            await ParquetTests.WriteConversationsAsync(),
            await ParquetTests.WriteAsync(new ParquetSchema(new DataField<string>("text"), new DataField<string>("label"), new DataField<int?>("n")), [.. Enumerable.Range(0, 20).Select(i => ParquetTests.Record(("text", $"a{i}"), ("label", "b"), ("n", i)))]),
        };
        await Gen.Select(Gen.Int[0, files.Count - 1].Select(i => files[i]), Damage).SampleAsync((file, damage) => ReadAsync(damage(file), "f.parquet"), iter: 600);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ReadAsync_MillionColumns_HasOneClearMessage(bool quoted)
    {
        var header = "text,label," + string.Join(',', Enumerable.Range(0, 1_000_000).Select(i => quoted ? "\"c\"" : $"c{i}"));
        var error = await RowFiles.ErrorAsync(Encoding.UTF8.GetBytes(header + "\n"), "wide.csv");
        Assert.Equal("wide.csv, line 1: the line has more than 16384 columns. Is ',' what stands between the cells? Keep the columns that matter, one row a line.", error.Message);
    }

    [Fact]
    public async Task ReadAsync_MillionMembers_HasOneClearMessage()
    {
        var json = "{\"text\":\"a\",\"label\":\"b\"," + string.Join(',', Enumerable.Range(0, 1_000_000).Select(i => $"\"c{i}\":1")) + "}";
        Assert.Contains("the row has 1000000 fields", (await RowFiles.ErrorAsync(Encoding.UTF8.GetBytes(json), "wide.jsonl")).Message, StringComparison.Ordinal);
    }

    /// <summary>Cuts, flips bits, repeats or overwrites a part.</summary>
    private static Gen<Func<byte[], byte[]>> Damage { get; } = Gen.Select(Gen.Int[0, 3], Gen.Double[0, 1], Gen.Int[1, 8], Gen.Int)
        .Select((kind, place, count, seed) => (Func<byte[], byte[]>)(bytes =>
        {
            var at = Math.Min(bytes.Length - 1, (int)(place * bytes.Length));
            var random = new Random(seed);
            var copy = bytes.ToArray();
            switch (kind)
            {
                case 0:
                    return copy[..at];
                case 1:
                    for (var i = 0; i < count; i++)
                    {
                        copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
                    }

                    return copy;
                case 2:
                    return [.. copy[..at], .. copy[(at / 2)..]];
                default:
                    random.NextBytes(copy.AsSpan(at, Math.Min(count, copy.Length - at)));
                    return copy;
            }
        }));

    private static async Task ReadAsync(byte[] content, string name)
    {
        try
        {
            foreach (var row in await RowFiles.ReadAsync(content, name))
            {
                Assert.NotEmpty(row.Text);
                Assert.NotEmpty(row.Expected);
            }
        }
        catch (DataFormatException error)
        {
            Assert.StartsWith(name, error.Message, StringComparison.Ordinal);
        }
    }
}
