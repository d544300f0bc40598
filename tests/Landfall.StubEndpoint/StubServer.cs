using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Landfall.StubEndpoint;

/// <summary>An OpenAI-compatible endpoint in this process, on a free port. It behaves, and misbehaves, as its options say.</summary>
public sealed class StubServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _ending = new();

    private StubServer(WebApplication app, StubOptions options) => (_app, Options) = (app, options);

    /// <summary>How it behaves; may be changed while it runs.</summary>
    public StubOptions Options { get; set; }

    /// <summary>What it would bill.</summary>
    public StubBilling Billing { get; } = new();

    /// <summary>The API's root.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The environment that makes Landfall use it under this name.</summary>
    public IReadOnlyDictionary<string, string> Environment(string name = "STUB", decimal inputPrice = 1, decimal outputPrice = 4) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [$"LANDFALL_ENDPOINT_{name}_ADDRESS"] = Address.ToString(),
        [$"LANDFALL_ENDPOINT_{name}_MODEL"] = Options.Model,
        [$"LANDFALL_ENDPOINT_{name}_INPUT_PRICE"] = inputPrice.ToString(System.Globalization.CultureInfo.InvariantCulture),
        [$"LANDFALL_ENDPOINT_{name}_OUTPUT_PRICE"] = outputPrice.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    public static async Task<StubServer> StartAsync(StubOptions? options = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var stub = new StubServer(app, options ?? new StubOptions());
        app.MapPost("/v1/chat/completions", stub.CompleteAsync);
        app.MapGet("/v1/models", () => Results.Json(new { @object = "list", data = new[] { new { id = stub.Options.Model, @object = "model" } } }));
        app.MapGet("/api/tags", () => Results.Json(new { models = new[] { new { name = stub.Options.Model } } }));
        await app.StartAsync();
        stub.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/v1");
        return stub;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _app.DisposeAsync();
        _ending.Dispose();
    }

    private async Task CompleteAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var request = Read(await reader.ReadToEndAsync(), context.Request.Headers["Idempotency-Key"]);
        var fault = Options.Faults(request);
        if (Options.Key is { } key && context.Request.Headers.Authorization != $"Bearer {key}")
        {
            fault = StubFault.WrongKey;
        }

        if (await RefuseAsync(context, fault))
        {
            return;
        }

        var answer = Billing.WorkOut(request, KeyOf(request), Options);
        await Task.Delay(Options.Latency, context.RequestAborted);
        await (request.IsStream ? StubWriter.StreamAsync(context, request, answer, fault) : StubWriter.PlainAsync(context, request, answer, fault));
    }

    private StubRequest Read(string body, string? key)
    {
        var json = JsonDocument.Parse(body).RootElement;
        var messages = json.GetProperty("messages").EnumerateArray().Select(m => new StubMessage(m.GetProperty("role").GetString()!, TextOf(m))).ToList();
        var (number, attempt) = Billing.Arrive(key ?? StubBilling.HashOf(body));
        return new StubRequest(body, json, messages, key, number, attempt);
    }

    private static string KeyOf(StubRequest request) => request.IdempotencyKey ?? StubBilling.HashOf(request.Body);

    private static string TextOf(JsonElement message) => !message.TryGetProperty("content", out var content) ? "" : content.ValueKind switch
    {
        JsonValueKind.String => content.GetString()!,
        JsonValueKind.Array => string.Join('\n', content.EnumerateArray().Where(p => p.TryGetProperty("text", out _)).Select(p => p.GetProperty("text").GetString())),
        _ => "",
    };

    /// <summary>Answers with an error before any work is done.</summary>
    private async Task<bool> RefuseAsync(HttpContext context, StubFault fault)
    {
        switch (fault)
        {
            case StubFault.RateLimit:
                context.Response.Headers.RetryAfter = Options.RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
                await ErrorAsync(context, 429, "Rate limit reached.", "rate_limit_exceeded");
                return true;
            case StubFault.ServerError:
                await ErrorAsync(context, 500, "The server had an error.", "server_error");
                return true;
            case StubFault.WrongKey:
                await ErrorAsync(context, 401, "Incorrect API key provided.", "invalid_api_key");
                return true;
            case StubFault.Redirect:
                context.Response.Redirect("http://169.254.169.254/latest/meta-data");
                return true;
            case StubFault.Hang:
                using (var both = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _ending.Token))
                {
                    await Task.Delay(Timeout.Infinite, both.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }

                return true;
            default:
                return false;
        }
    }

    private static async Task ErrorAsync(HttpContext context, int status, string message, string code)
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(new { error = new { message, type = code, param = (string?)null, code } });
    }
}
