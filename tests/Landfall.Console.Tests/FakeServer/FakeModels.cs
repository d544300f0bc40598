using System.Net;
using System.Net.Http.Json;
using System.Text;
using Landfall.Protocol;
using Landfall.Protocol.Models;
using Landfall.Protocol.Runs;

namespace Landfall.Console.Tests.FakeServer;

/// <summary>A model, one made from it and an adapter for it, and chats with them.</summary>
internal sealed class FakeModels
{
    private static readonly LandfallJsonContext Json = LandfallJsonContext.Default;
    private static readonly RunSummary Run = new()
    {
        Id = "0193",
        Kind = "model-import",
        Title = "import model new",
        State = RunState.Running,
        Progress = new RunProgress(0.4, "copying model.gguf"),
        CreatedAt = new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero),
    };

    private readonly List<ModelSummary> _models = [Base, Small, Terse];

    public static ModelSummary Base { get; } = Model("qwen", "BF16", 1_200_000_000) with { Lineage = new ModelLineage { Made = "imported", Source = "/models/qwen", Landfall = "1.0" } };

    public static ModelSummary Small { get; } = Model("qwen-q4", "Q4_K", 400_000_000) with
    {
        Lineage = new ModelLineage { Made = "quantised", From = "qwen", FromHash = Base.Hash, Type = "Q4_K", Landfall = "1.0" },
    };

    public static ModelSummary Terse { get; } = Model("qwen:terse", "F32", 8_000_000) with
    {
        Adapter = "lora",
        Metadata = new Dictionary<string, string> { ["rank"] = "16" },
        Lineage = new ModelLineage { Made = "adapter", Source = "/adapters/terse", From = "qwen", FromHash = Base.Hash, Landfall = "1.0" },
    };

    /// <summary>No model is there.</summary>
    public bool IsEmpty { get; init; }

    /// <summary>What was asked for in bodies.</summary>
    public List<string> Bodies { get; } = [];

    /// <summary>Answers what is about models; null: something else was asked for.</summary>
    public HttpResponseMessage? Answer(HttpMethod method, string[] path, HttpContent? content)
    {
        if (path is not (["api", "models", ..] or ["v1", "chat", "completions"]))
        {
            return null;
        }

        Bodies.Add(content is null ? "" : content.ReadAsStringAsync().GetAwaiter().GetResult());
        return path switch
        {
            ["v1", "chat", "completions"] => Events(),
            ["api", "models"] => Ok(IsEmpty ? [] : _models, Json.IReadOnlyListModelSummary),
            ["api", "models", "import" or "import-path"] or ["api", "models", _, "quantise"] => Ok(Run, Json.RunSummary),
            ["api", "models", var name] when method == HttpMethod.Delete => Removed(name),
            ["api", "models", var name] when _models.Find(m => m.Name == name) is { } found => Ok(
                new ModelDetail(found, new ModelMemory(found.Bytes, 100_000_000) { LimitBytes = 6_000_000_000 }, [.. _models.Where(m => m.Name == found.Lineage.From)], [.. _models.Where(m => m.Lineage.From == name)], []),
                Json.ModelDetail),
            _ => new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent("""{"code":"not-found","detail":"There is no such model."}""", Encoding.UTF8, "application/problem+json") },
        };
    }

    private HttpResponseMessage Removed(string name)
    {
        _models.RemoveAll(m => m.Name == name);
        return new HttpResponseMessage(HttpStatusCode.NoContent);
    }

    private static HttpResponseMessage Events() => new(HttpStatusCode.OK)
    {
        Content = new StringContent(
            """
            data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}

            data: {"choices":[{"index":0,"delta":{"content":"Three "}}]}

            data: {"choices":[{"index":0,"delta":{"content":"rivers"},"finish_reason":"stop"}]}

            data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4},"landfall":{"first_token_seconds":0.25,"answer_seconds":0.1,"tokens_per_second":31.5}}

            data: [DONE]


            """,
            Encoding.UTF8,
            "text/event-stream"),
    };

    private static HttpResponseMessage Ok<T>(T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        new(HttpStatusCode.OK) { Content = JsonContent.Create(value, type) };

    private static ModelSummary Model(string name, string type, long bytes) => new()
    {
        Name = name,
        Hash = $"{name.Length:d2}{new string('a', 62)}",
        Format = ModelFormat.Gguf,
        Use = ModelUse.Chat,
        Family = "qwen2",
        Parameters = 600_000_000,
        ContextLength = 32_768,
        VocabularySize = 151_936,
        Layers = 24,
        HiddenSize = 896,
        CacheBytesPerToken = 12_288,
        HasChatTemplate = true,
        Types = [new TensorTypeUse(type, 200, bytes - 1000), new TensorTypeUse("F32", 90, 1000)],
        Files = [new ModelFile("model.gguf", new string('b', 64), bytes)],
        Bytes = bytes,
        Licence = "apache-2.0",
        Metadata = new Dictionary<string, string> { ["general.name"] = "Qwen 0.6B" },
        Lineage = new ModelLineage { Made = "imported", Landfall = "1.0" },
        CreatedBy = "ada",
        CreatedAt = new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero),
    };
}
