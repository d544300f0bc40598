using Microsoft.Extensions.AI;

namespace Landfall.Platform.Endpoints;

/// <summary>The language models that this server can ask.</summary>
public interface IChatEndpoints
{
    /// <summary>What is wrong with settings of endpoints, one sentence each; those are left out of the list.</summary>
    IReadOnlyList<string> Problems { get; }

    /// <summary>All of them, the default first. Looks for a local Ollama, shortly.</summary>
    IReadOnlyList<ChatEndpoint> List();

    /// <summary>One by name, or the default one for null; null where there is none.</summary>
    ChatEndpoint? Find(string? name);

    /// <summary>
    /// A client of an endpoint: it retries what may pass, keeps every call, and does not pay for the same call twice
    /// (<see cref="CallOptions"/>). Failures are <see cref="EndpointException"/>s.
    /// </summary>
    IChatClient Open(ChatEndpoint endpoint);
}
