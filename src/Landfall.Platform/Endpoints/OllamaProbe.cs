using System.Text.Json;

namespace Landfall.Platform.Endpoints;

/// <summary>Looks whether an Ollama runs on this machine. What it finds holds for a while.</summary>
internal sealed class OllamaProbe(HttpMessageInvoker http, TimeProvider time)
{
    public const string Name = "ollama";
    private static readonly TimeSpan Holds = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly Lock _gate = new();
    private ChatEndpoint? _found;
    private long? _lookedAt;

    /// <summary>The endpoint of its first model, or null.</summary>
    public ChatEndpoint? Find(Uri root)
    {
        lock (_gate)
        {
            if (_lookedAt is not { } then || time.GetElapsedTime(then) > Holds)
            {
                _found = Look(root);
                _lookedAt = time.GetTimestamp();
            }

            return _found;
        }
    }

    private ChatEndpoint? Look(Uri root)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(root, "api/tags"));
            using var response = http.Send(request, patience.Token);
            if (!response.IsSuccessStatusCode)
            {
                return null;
            }

            using var stream = response.Content.ReadAsStream(patience.Token);
            using var tags = JsonDocument.Parse(stream);
            var model = tags.RootElement.GetProperty("models").EnumerateArray().Select(m => m.GetProperty("name").GetString()).FirstOrDefault(n => !string.IsNullOrEmpty(n));
            return model is null ? null : new ChatEndpoint
            {
                Name = Name,
                Address = new Uri(root, "v1"),
                Model = model,
                Timeout = TimeSpan.FromMinutes(2),
                MaxParallel = 2,
                Source = "ollama",
            };
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // Whatever answers there is no Ollama with a model.
            return null;
        }
    }
}
