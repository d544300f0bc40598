using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Landfall.Platform.Endpoints.Calls;

/// <summary>Hands a call's options down to where it is sent, and its receipt up with the answer.</summary>
internal sealed class ReceiptChatClient(IChatClient inner) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var (sent, frame) = CallOptions.Split(options);
        CallFrame.Current = frame;
        var response = await base.GetResponseAsync(messages, sent, cancellationToken).ConfigureAwait(false);
        if (frame.Receipt is { } receipt)
        {
            CallOptions.Attach(response, receipt);
        }

        return response;
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (sent, frame) = CallOptions.Split(options);
        CallFrame.Current = frame;
        await foreach (var update in base.GetStreamingResponseAsync(messages, sent, cancellationToken).ConfigureAwait(false))
        {
            yield return update;
        }

        if (frame.Receipt is { } receipt)
        {
            var last = new ChatResponseUpdate();
            CallOptions.Attach(last, receipt);
            yield return last;
        }
    }
}
