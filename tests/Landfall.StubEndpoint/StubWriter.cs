using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Landfall.StubEndpoint;

/// <summary>Writes answers as an OpenAI-compatible endpoint does.</summary>
internal static class StubWriter
{
    private const int PieceLength = 8;

    // Cutting a connection discards what has not been read yet, also the status: it must have arrived.
    private static readonly TimeSpan Arrival = TimeSpan.FromMilliseconds(150);

    public static async Task PlainAsync(HttpContext context, StubRequest request, StubAnswer answer, StubFault fault)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = answer.Tool is null ? answer.Text : null };
        if (answer.Tool is { } tool)
        {
            message["tool_calls"] = new JsonArray(ToolCall(tool, withIndex: false));
        }

        var choice = new JsonObject { ["index"] = 0, ["message"] = message, ["finish_reason"] = answer.Tool is null ? "stop" : "tool_calls" };
        if (request.WantsLogprobs && answer.Tool is null)
        {
            choice["logprobs"] = Logprobs(answer);
        }

        var body = Head(request, "chat.completion");
        body["choices"] = new JsonArray(choice);
        AddUsage(body, request, answer, fault);
        var text = fault switch
        {
            StubFault.WrongJson => "<html><body>502 Bad Gateway</body></html>",
            StubFault.WrongShape => """{"object":"chat.completion","result":"ok"}""",
            _ => body.ToJsonString(),
        };
        var bytes = Encoding.UTF8.GetBytes(text);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = bytes.Length;
        if (fault is StubFault.HalfAnswer or StubFault.HalfStream)
        {
            await context.Response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
            await context.Response.Body.FlushAsync();
            await Task.Delay(Arrival);
            context.Abort();
            return;
        }

        await context.Response.Body.WriteAsync(bytes);
    }

    public static async Task StreamAsync(HttpContext context, StubRequest request, StubAnswer answer, StubFault fault)
    {
        context.Response.ContentType = "text/event-stream";
        var chunks = Chunks(request, answer, fault).ToList();
        var sent = fault is StubFault.HalfAnswer or StubFault.HalfStream ? Math.Max(1, chunks.Count / 2) : chunks.Count;
        foreach (var chunk in fault is StubFault.WrongJson ? ["<html>", "502"] : chunks.Take(sent))
        {
            await context.Response.WriteAsync($"data: {chunk}\n\n");
            await context.Response.Body.FlushAsync();
        }

        if (fault == StubFault.HalfAnswer)
        {
            await Task.Delay(Arrival);
            context.Abort();
        }
    }

    private static IEnumerable<string> Chunks(StubRequest request, StubAnswer answer, StubFault fault)
    {
        yield return Chunk(request, new JsonObject { ["role"] = "assistant", ["content"] = "" }, finish: null);
        if (answer.Tool is { } tool)
        {
            yield return Chunk(request, new JsonObject { ["tool_calls"] = new JsonArray(ToolCall(tool, withIndex: true)) }, finish: null);
        }

        for (var at = 0; at < answer.Text.Length; at += PieceLength)
        {
            yield return Chunk(request, new JsonObject { ["content"] = answer.Text[at..Math.Min(answer.Text.Length, at + PieceLength)] }, finish: null);
        }

        yield return Chunk(request, [], answer.Tool is null ? "stop" : "tool_calls");
        if (request.WantsUsage)
        {
            var usage = Head(request, "chat.completion.chunk");
            usage["choices"] = new JsonArray();
            AddUsage(usage, request, answer, fault);
            yield return usage.ToJsonString();
        }

        yield return "[DONE]";
    }

    private static string Chunk(StubRequest request, JsonObject delta, string? finish)
    {
        var chunk = Head(request, "chat.completion.chunk");
        chunk["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish });
        return chunk.ToJsonString();
    }

    private static JsonObject Head(StubRequest request, string kind) => new()
    {
        ["id"] = $"chatcmpl-{StubBilling.HashOf(request.Body)[..12]}",
        ["object"] = kind,
        ["created"] = 1_790_000_000,
        ["model"] = request.Model,
    };

    private static void AddUsage(JsonObject body, StubRequest request, StubAnswer answer, StubFault fault)
    {
        if (fault == StubFault.NoUsage)
        {
            return;
        }

        var (prompt, completion) = fault switch
        {
            StubFault.HugeUsage => (1_000_000, 1_000_000),
            StubFault.NegativeUsage => (-5, -1),
            _ => (StubTokens.OfRequest(request), StubTokens.Of(answer.Text)),
        };
        body["usage"] = new JsonObject { ["prompt_tokens"] = prompt, ["completion_tokens"] = completion, ["total_tokens"] = prompt + completion };
    }

    private static JsonObject ToolCall((string Name, string Arguments) tool, bool withIndex)
    {
        var call = new JsonObject
        {
            ["id"] = $"call_{StubBilling.HashOf(tool.Arguments)[..8]}",
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = tool.Name, ["arguments"] = tool.Arguments },
        };
        if (withIndex)
        {
            call["index"] = 0;
        }

        return call;
    }

    /// <summary>The whole answer as one token, whose probability is the stub's confidence.</summary>
    private static JsonObject Logprobs(StubAnswer answer) => new()
    {
        ["content"] = new JsonArray(new JsonObject
        {
            ["token"] = answer.Text,
            ["logprob"] = Math.Log(answer.Confidence),
            ["bytes"] = JsonSerializer.SerializeToNode(Encoding.UTF8.GetBytes(answer.Text).Select(b => (int)b).ToArray()),
            ["top_logprobs"] = new JsonArray(),
        }),
        ["refusal"] = null,
    };
}
