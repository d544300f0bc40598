using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Landfall.Platform.Access;

namespace Landfall.Platform.Endpoints.Calls;

/// <summary>
/// Keeps every chat completion under its identity: an answered call is never made again, and one whose fate is unknown
/// (the process ended while it was under way) is made again under the same idempotency key. It sits where the exact bytes
/// pass, so that what is stored is what was sent and received.
/// </summary>
internal sealed class LedgerHandler(ChatEndpoint endpoint, EndpointSender sender, PaidCallStore calls, TimeProvider time) : HttpMessageHandler
{
    /// <summary>What an answer is taken to cost before it is there, where the request sets no limit.</summary>
    private const int UnknownAnswerTokens = 256;
    private readonly ConcurrentDictionary<string, Task> _underWay = new(StringComparer.Ordinal);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var frame = CallFrame.Current;
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        var call = Describe(body, frame);
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (_underWay.GetOrAdd(call.Identity, mine.Task) is var other && other != mine.Task)
        {
            // The same call at the same time is one call.
            await other.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        try
        {
            return await calls.FindAsync(call.Identity, cancellationToken).ConfigureAwait(false) is { State: PaidCallStore.Answered } stored
                ? Replay(stored, frame)
                : await MakeAsync(request, body, call, frame, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _underWay.TryRemove(call.Identity, out _);
            mine.SetResult();
        }
    }

    /// <summary>The hash of everything that makes a call this call.</summary>
    internal static string IdentityOf(ChatEndpoint endpoint, ReadOnlySpan<byte> body, int repeat, string nonce)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{Caller.Current.Team}\n{endpoint.Identity}\n{repeat}\n{nonce}\n"));
        hash.AppendData(body);
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..40];
    }

    private PaidCallEntity Describe(byte[] body, CallFrame frame)
    {
        using var document = JsonDocument.Parse(body);
        var scope = CallScope.Current;
        return new PaidCallEntity
        {
            Identity = IdentityOf(endpoint, body, frame.Repeat, frame.IsFresh ? Guid.CreateVersion7(time.GetUtcNow()).ToString("n") : ""),
            Endpoint = endpoint.Name,
            Model = endpoint.Model,
            Repeat = frame.Repeat,
            Purpose = scope.Purpose,
            Run = scope.Run,
            State = PaidCallStore.Asked,
            AskedAt = time.GetUtcNow(),
            Request = PackedText.Pack(body),
            IsStream = document.RootElement.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True,
        };
    }

    /// <summary>What was paid for before. A run that paid for it counts it, so that a resumed run has spent what it had.</summary>
    private static HttpResponseMessage Replay(PaidCallEntity stored, CallFrame frame)
    {
        var scope = CallScope.Current;
        if (stored.Run is not null && stored.Run == scope.Run)
        {
            scope.Spending?.Replay(stored.Identity, (decimal)stored.CostUsd);
        }

        frame.Receipt = ReceiptOf(stored, isStored: true);
        return Answer(PackedText.Unpack(stored.Response!), stored.IsStream);
    }

    private async Task<HttpResponseMessage> MakeAsync(HttpRequestMessage request, byte[] body, PaidCallEntity call, CallFrame frame, CancellationToken cancellation)
    {
        var promptTokens = TokenEstimate.OfRequest(body);
        var estimate = endpoint.CostOf(promptTokens, LimitOf(body) ?? UnknownAnswerTokens);
        var spending = CallScope.Current.Spending;
        spending?.Reserve(estimate);
        var actual = 0m;
        try
        {
            await calls.BeginAsync(call, cancellation).ConfigureAwait(false);
            var sent = await sender.SendAsync(request, body, call.IsStream, frame.IsLive, call.Identity, cancellation).ConfigureAwait(false);
            if (sent.Live is { } live)
            {
                return await PassOnAsync(live, sent, call, frame, promptTokens, cancellation).ConfigureAwait(false);
            }

            var answered = await KeepAsync(call, sent.Body, sent.Completion!, sent.Attempts, sent.LatencyMs, promptTokens).ConfigureAwait(false);
            actual = (decimal)answered.CostUsd;
            frame.Receipt = ReceiptOf(answered, isStored: false);
            return Answer(sent.Body, call.IsStream);
        }
        catch (EndpointException error)
        {
            await FailAsync(call.Identity, error.Message).ConfigureAwait(false);
            throw;
        }
        finally
        {
            spending?.Settle(call.Identity, estimate, actual);
        }
    }

    /// <summary>A live stream goes on as it comes, and is kept when its end has come.</summary>
    private async Task<HttpResponseMessage> PassOnAsync(
        HttpResponseMessage live, SentAnswer sent, PaidCallEntity call, CallFrame frame, long promptTokens, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var source = await live.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var kept = new KeptStream(
            source, live, endpoint.Timeout, time,
            async bytes =>
            {
                var completion = CompletionBody.Read(bytes, isStream: true);
                var latency = sent.LatencyMs + time.GetElapsedTime(began).TotalMilliseconds;
                frame.Receipt = ReceiptOf(await KeepAsync(call, bytes, completion, sent.Attempts, latency, promptTokens).ConfigureAwait(false), isStored: false);
            },
            async why =>
            {
                var message = $"The endpoint '{endpoint.Name}' ({endpoint.Model}) broke off its answer: {why} Ask again.";
                await FailAsync(call.Identity, message).ConfigureAwait(false);
                return new EndpointException(EndpointFailure.HalfAnswer, message);
            });
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = EventContent(new StreamContent(kept)) };
    }

    private async Task<PaidCallEntity> KeepAsync(PaidCallEntity call, byte[] body, CompletionBody completion, int attempts, double latencyMs, long promptEstimate)
    {
        var usage = ReportedUsage.Judge(completion, promptEstimate);
        (call.State, call.AnsweredAt, call.Attempts, call.LatencyMs) = (PaidCallStore.Answered, time.GetUtcNow(), attempts, latencyMs);
        (call.PromptTokens, call.CompletionTokens, call.UsageNote) = (usage.PromptTokens, usage.CompletionTokens, usage.Note);
        (call.CostUsd, call.Response) = ((double)endpoint.CostOf(usage.PromptTokens, usage.CompletionTokens), PackedText.Pack(body));
        await calls.EndAsync(call.Identity, kept =>
        {
            (kept.State, kept.AnsweredAt, kept.Attempts, kept.LatencyMs) = (call.State, call.AnsweredAt, call.Attempts, call.LatencyMs);
            (kept.PromptTokens, kept.CompletionTokens, kept.UsageNote) = (call.PromptTokens, call.CompletionTokens, call.UsageNote);
            (kept.CostUsd, kept.Response, kept.Error) = (call.CostUsd, call.Response, null);
        }).ConfigureAwait(false);
        return call;
    }

    private Task FailAsync(string identity, string error) => calls.EndAsync(identity, kept => (kept.State, kept.Error) = (PaidCallStore.Failed, error));

    private static CallReceipt ReceiptOf(PaidCallEntity call, bool isStored) =>
        new(call.Identity, call.PromptTokens, call.CompletionTokens, (decimal)call.CostUsd, call.LatencyMs, isStored, call.UsageNote);

    private static int? LimitOf(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        foreach (var name in new[] { "max_completion_tokens", "max_tokens" })
        {
            if (document.RootElement.TryGetProperty(name, out var limit) && limit.TryGetInt32(out var tokens))
            {
                return tokens;
            }
        }

        return null;
    }

    private static HttpResponseMessage Answer(byte[] body, bool isStream)
    {
        if (isStream)
        {
            // A stream that cannot be wound back, as one from the network: the reader takes any other for one it has buffered.
            var events = PipeReader.Create(new ReadOnlySequence<byte>(body)).AsStream();
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = EventContent(new StreamContent(events)) };
        }

        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }

    private static HttpContent EventContent(HttpContent content)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue("text/event-stream");
        return content;
    }
}
