using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Landfall.Protocol.Prompts;

namespace Landfall.Protocol;

public sealed partial class LandfallClient
{
    /// <summary>All prompts by name.</summary>
    public Task<IReadOnlyList<PromptSummary>> GetPromptsAsync(CancellationToken cancellation = default) =>
        GetAsync("api/prompts", Json.IReadOnlyListPromptSummary, cancellation);

    /// <summary>A prompt with its versions and its history.</summary>
    public Task<PromptDetail> GetPromptAsync(string name, CancellationToken cancellation = default) =>
        GetAsync($"api/prompts/{Uri.EscapeDataString(name)}", Json.PromptDetail, cancellation);

    /// <summary>Adds a version; the same text again is the version that is there.</summary>
    public Task<PromptVersion> AddPromptAsync(string name, AddPromptRequest request, CancellationToken cancellation = default) =>
        PostAsync($"api/prompts/{Uri.EscapeDataString(name)}/versions", request, Json.AddPromptRequest, Json.PromptVersion, cancellation);

    /// <summary>Moves a label to a version.</summary>
    public Task<PromptVersion> LabelPromptAsync(string name, string label, string version, CancellationToken cancellation = default) =>
        PutAsync($"api/prompts/{Uri.EscapeDataString(name)}/labels/{Uri.EscapeDataString(label)}", new LabelPromptRequest(version), Json.LabelPromptRequest, Json.PromptVersion, cancellation);

    /// <summary>The difference of two versions, each a number, a hash or a label.</summary>
    public Task<PromptDiff> DiffPromptAsync(string name, string from, string to, CancellationToken cancellation = default) =>
        GetAsync($"api/prompts/{Uri.EscapeDataString(name)}/diff?from={Uri.EscapeDataString(from)}&to={Uri.EscapeDataString(to)}", Json.PromptDiff, cancellation);

    /// <summary>Asks a prompt and a model; the answer comes as it is written.</summary>
    public async IAsyncEnumerable<PlaygroundEvent> PlayAsync(PlaygroundRequest request, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "api/playground") { Content = JsonContent.Create(request, Json.PlaygroundRequest) };
        using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        await EnsureSuccessAsync(response, cancellation).ConfigureAwait(false);
        var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellation).ConfigureAwait(false))
            {
                yield return JsonSerializer.Deserialize(item.Data, Json.PlaygroundEvent)!;
            }
        }
    }
}
