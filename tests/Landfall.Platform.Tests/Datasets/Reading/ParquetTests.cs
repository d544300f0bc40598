using Landfall.Platform.Datasets;
using Parquet;
using Parquet.Schema;
using Parquet.Serialization;

namespace Landfall.Platform.Tests.Datasets.Reading;

public sealed class ParquetTests
{
    [Fact]
    public async Task ReadAsync_FlatColumns_AreFields()
    {
        var schema = new ParquetSchema(new DataField<string>("text"), new DataField<string>("label"), new DataField<int>("n"), new DataField<double?>("share"), new DataField<bool>("flag"), new DataField<DateTime>("at"));
        var rows = new List<IDictionary<string, object?>>
        {
            Record(("text", "a"), ("label", "b"), ("n", 7), ("share", 0.25), ("flag", true), ("at", new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc))),
            Record(("text", "卡"), ("label", "d"), ("n", -1), ("share", null), ("flag", false), ("at", new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc))),
        };
        var read = await RowFiles.ReadAsync(await WriteAsync(schema, rows), "rows.parquet");
        Assert.Equal(["a>b", "卡>d"], read.Select(r => $"{r.Text}>{r.Expected}"));
        Assert.Equal(new Dictionary<string, string> { ["n"] = "7", ["share"] = "0.25", ["flag"] = "true", ["at"] = "2026-01-02T03:04:05" }, read[0].Fields);
        Assert.Equal(new Dictionary<string, string> { ["n"] = "-1", ["flag"] = "false", ["at"] = "2026-01-02" }, read[1].Fields);
    }

    [Fact]
    public async Task ReadAsync_ListOfMessages_IsAConversation()
    {
        var bytes = await WriteConversationsAsync();
        var row = Assert.Single(await RowFiles.ReadAsync(bytes, "chat.parquet"));
        Assert.Equal(("bye", "see you"), (row.Text, row.Expected));
        Assert.Equal("be kind", row.Fields[ReservedFields.System]);
    }

    [Fact]
    public async Task ReadAsync_SeveralRowGroups_GivesAllRowsInOrder()
    {
        var schema = new ParquetSchema(new DataField<string>("text"), new DataField<string>("label"));
        var rows = Enumerable.Range(0, 1_000).Select(i => Record(("text", $"text {i}"), ("label", $"{i % 3}"))).ToList();
        using var stream = new MemoryStream();
        await ParquetSerializer.SerializeUntypedAsync(rows, schema, stream, new ParquetOptions { RowGroupSize = 300 });
        Assert.Equal(rows.Select(r => r["text"]), (await RowFiles.ReadAsync(stream.ToArray(), "rows.parquet")).Select(r => r.Text));
    }

    [Fact]
    public async Task ReadAsync_CutShort_HasOneClearMessage()
    {
        var bytes = await WriteConversationsAsync();
        for (var length = 4; length < bytes.Length; length += 7)
        {
            var error = await RowFiles.ErrorAsync(bytes[..length], "rows.parquet");
            Assert.StartsWith("rows.parquet: the Parquet file was cut short: its directory, which stands at the end, is missing", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ReadAsync_NoKnownColumns_NamesThem()
    {
        var schema = new ParquetSchema(new DataField<string>("body"), new DataField<string>("team"));
        var error = await RowFiles.ErrorAsync(await WriteAsync(schema, [Record(("body", "a"), ("team", "b"))]), "rows.parquet");
        Assert.Contains("found 'body', 'team'", error.Message, StringComparison.Ordinal);
    }

    internal static async Task<byte[]> WriteConversationsAsync()
    {
        using var stream = new MemoryStream();
        await ParquetSerializer.SerializeAsync(
            [
                new Chat { Messages = [new Message { Role = "system", Content = "be kind" }, new Message { Role = "user", Content = "bye" }, new Message { Role = "assistant", Content = "see you" }] },
            ],
            stream);
        return stream.ToArray();
    }

    internal static async Task<byte[]> WriteAsync(ParquetSchema schema, IReadOnlyCollection<IDictionary<string, object?>> rows)
    {
        using var stream = new MemoryStream();
        await ParquetSerializer.SerializeUntypedAsync(rows, schema, stream);
        return stream.ToArray();
    }

    internal static IDictionary<string, object?> Record(params (string Name, object? Value)[] values) => values.ToDictionary(v => v.Name, v => v.Value);

    public sealed class Chat
    {
        [System.Text.Json.Serialization.JsonPropertyName("messages")]
        public List<Message>? Messages { get; set; }
    }

    public sealed class Message
    {
        [System.Text.Json.Serialization.JsonPropertyName("role")]
        public string? Role { get; set; }

        [System.Text.Json.Serialization.JsonPropertyName("content")]
        public string? Content { get; set; }
    }
}
