using System.Text.Json;

namespace Landfall.Inference.Templates;

public sealed class ChatTemplateTests
{
    private static readonly string Folder = Path.Combine(Path.GetDirectoryName(Tokenizers.TokenizerFixtures.Folder)!, "templates");

    public static TheoryData<string> Names => [.. Directory.EnumerateFiles(Folder, "*.jinja").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Render_ConversationsOfAllKinds_GivesJinjasText(string name)
    {
        var template = ChatTemplate.Parse(File.ReadAllText(Path.Combine(Folder, name)));
        using var conversations = Json("conversations.json");
        using var expected = Json("conversations.expected.json");
        var wrong = new List<string>();
        foreach (var row in expected.RootElement.EnumerateArray().Where(row => row.GetProperty("template").GetString() == name))
        {
            var conversation = conversations.RootElement.EnumerateArray().Single(item => item.GetProperty("name").ValueEquals(row.GetProperty("conversation").GetString()));
            var (wanted, found) = (Wanted(row), Outcome(() => template.Render(conversation.GetProperty("variables"), Clock)));
            if (!Agree(wanted, found))
            {
                wrong.Add($"{row.GetProperty("conversation")}\n  wanted {wanted}\n  found  {found}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Render_Snippets_GiveJinjasText()
    {
        using var snippets = Json("snippets.expected.json");
        var variables = snippets.RootElement[0].GetProperty("variables");
        var wrong = new List<string>();
        foreach (var row in snippets.RootElement.EnumerateArray().Skip(1))
        {
            var source = row.GetProperty("source").GetString()!;
            var (wanted, found) = (Wanted(row), Outcome(() => ChatTemplate.Parse(source).Render(variables, Clock)));
            if (!Agree(wanted, found))
            {
                wrong.Add($"{source}\n  wanted {wanted}\n  found  {found}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static FixedClock Clock { get; } = new();

    private static string Wanted(JsonElement row) => row.TryGetProperty("text", out var text) ? "text " + text.GetString()
        : row.TryGetProperty("raised", out var raised) ? "raised " + raised.GetString() : "failed";

    private static string Outcome(Func<string> render)
    {
        try
        {
            return "text " + render();
        }
        catch (ChatTemplateException exception)
        {
            return exception.Raised is { } raised ? "raised " + raised : "failed: " + exception.Message;
        }
    }

    private static bool Agree(string wanted, string found) => wanted == "failed" ? found.StartsWith(wanted, StringComparison.Ordinal) : wanted == found;

    private static JsonDocument Json(string name) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, name)));

    private sealed class FixedClock : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2024, 7, 6, 9, 8, 5, TimeSpan.Zero);
    }
}
