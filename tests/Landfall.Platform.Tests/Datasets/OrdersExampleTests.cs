using System.Text.Json;
using System.Text.RegularExpressions;
using Landfall.Platform.Briefs;
using Landfall.Platform.Datasets;
using Landfall.Platform.Evaluation.Json;

namespace Landfall.Platform.Tests.Datasets;

/// <summary>What <c>examples/orders</c> says of its data holds for every row.</summary>
public sealed partial class OrdersExampleTests
{
    private const int MostWords = 60;

    [Theory]
    [InlineData("train.jsonl")]
    [InlineData("test.jsonl")]
    public async Task Rows_Answers_FitTheBriefsSchema(string file)
    {
        var brief = BriefParser.Parse(await File.ReadAllTextAsync(ExampleRows.PathOf("orders", "brief.yaml"))).Brief!;
        var schema = JsonSchema.Parse(brief.OutputSchema!);

        foreach (var row in await ExampleRows.ReadAsync("orders", file))
        {
            Assert.True(schema.WhyInvalid(JsonElement.Parse(row.Expected)) is null, $"{schema.WhyInvalid(JsonElement.Parse(row.Expected))}: {row.Expected}");
        }
    }

    [Theory]
    [InlineData("train.jsonl")]
    [InlineData("test.jsonl")]
    public async Task Rows_Addresses_AreCopiesFromTheMessage(string file)
    {
        foreach (var row in await ExampleRows.ReadAsync("orders", file))
        {
            if (JsonElement.Parse(row.Expected).GetProperty("address").GetString() is { } address)
            {
                Assert.Contains(address, row.Text, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("train.jsonl")]
    [InlineData("test.jsonl")]
    public async Task Rows_MessagesAndAnswers_AreShort(string file)
    {
        foreach (var row in await ExampleRows.ReadAsync("orders", file))
        {
            Assert.InRange(Words(row.Text), 1, MostWords);
            Assert.InRange(Words(row.Expected), 1, MostWords);
        }
    }

    [Fact]
    public async Task Rows_TestGoods_AreAllInTrain()
    {
        var known = Goods(await ExampleRows.ReadAsync("orders", "train.jsonl"));
        Assert.Empty(Goods(await ExampleRows.ReadAsync("orders", "test.jsonl")).Except(known));
    }

    private static HashSet<string> Goods(IEnumerable<Row> rows) =>
        [.. rows.SelectMany(row => JsonElement.Parse(row.Expected).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("item").GetString()!))];

    /// <summary>Words of letters and digits; each Chinese character is one.</summary>
    private static int Words(string text) => Word().Count(text);

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}|[\p{L}\p{Nd}-[\u4e00-\u9fff]]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();
}
