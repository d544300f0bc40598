using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Landfall.Inference.Chat;
using Landfall.Platform.Models;
using Landfall.Protocol.Models;
using Microsoft.Extensions.AI;

namespace Landfall.Platform.Gateway.Local;

/// <summary>An answer of a local model: whole, or as events.</summary>
/// <param name="Whole">With a plain request.</param>
/// <param name="Events">With a streamed one: the data of each event. </param>
/// <param name="Owner">With a stream: what it holds until it has ended.</param>
internal sealed record LocalAnswer(LocalCompletion? Whole, IAsyncEnumerable<string>? Events, IAsyncDisposable? Owner);

/// <summary>Answers OpenAI chat completion requests by models of the registry.</summary>
internal sealed class LocalCompletions(ModelHost host, TimeProvider time)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Answers a request. With a stream, the first token is waited for: what goes wrong before it has a status.</summary>
    /// <exception cref="GatewayProblemException">The request cannot be answered.</exception>
    public async Task<LocalAnswer> AnswerAsync(ResolvedModel model, byte[] body, CancellationToken cancellation)
    {
        var call = LocalChatReader.Read(body);
        if (model.Named.Use != ModelUse.Chat)
        {
            throw GatewayProblemException.Invalid($"The model '{model.Named.Name}' makes embeddings and writes no text. POST /v1/embeddings asks it.", "model");
        }

        ModelLease? lease = null;
        try
        {
            lease = await host.OpenAsync(model, cancellation).ConfigureAwait(false);
            (call.Options.Lora, call.Options.Prefix) = (lease.Adapter?.Lora, lease.Adapter?.Prefix);
            CheckBias(call.Options, lease.Model.Vocabulary.Count);
            var head = new Head($"chatcmpl-{Guid.CreateVersion7(time.GetUtcNow()):n}", time.GetUtcNow().ToUnixTimeSeconds(), model.Named.Name);
            var answers = new Answers(call, lease, time, cancellation);
            await answers.BeginAsync().ConfigureAwait(false);
            var answer = call.IsStream
                ? new LocalAnswer(Whole: null, StreamAsync(head, call, answers, cancellation), answers)
                : new LocalAnswer(await WholeAsync(head, call, answers).ConfigureAwait(false), Events: null, Owner: null);
            lease = null;
            return answer;
        }
        catch (Exception error) when (LocalProblems.IsOne(error))
        {
            throw LocalProblems.Of(error, "messages")!;
        }
        finally
        {
            lease?.Dispose();
        }
    }

    private static void CheckBias(LocalChatOptions options, int vocabulary)
    {
        if (options.LogitBias is { } bias && bias.Keys.Any(k => k >= vocabulary))
        {
            throw GatewayProblemException.Invalid($"'logit_bias' has a token id of {bias.Keys.Max()}; the model's vocabulary has {vocabulary} tokens.", "logit_bias");
        }
    }

    private static async Task<LocalCompletion> WholeAsync(Head head, LocalChatCall call, Answers answers)
    {
        await using (answers.ConfigureAwait(false))
        {
            await Task.WhenAll(answers.All.Select(async a =>
            {
                while (await a.NextAsync().ConfigureAwait(false) is not null)
                {
                    // It adds up in the builder.
                }
            })).ConfigureAwait(false);
            var hasProbabilities = HasProbabilities(call);
            return new LocalCompletion(
                head.Id, "chat.completion", head.Created, head.Model, [.. answers.All.Select(a => a.Builder.ToChoice(a.Index, hasProbabilities))], answers.Usage, answers.All[0].Builder.Times);
        }
    }

    private static bool HasProbabilities(LocalChatCall call) => call.Options.TopLogProbabilities is not null;

    private static async IAsyncEnumerable<string> StreamAsync(Head head, LocalChatCall call, Answers answers, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using (answers.ConfigureAwait(false))
        {
            foreach (var answer in answers.All)
            {
                yield return Data(new LocalChunkChoice(answer.Index, new LocalDelta { Role = "assistant", Content = "" }));
            }

            string? broken = null;
            await foreach (var (answer, piece, error) in answers.ReadAsync(cancellation).ConfigureAwait(false))
            {
                if (error is not null)
                {
                    broken = JsonSerializer.Serialize(new GatewayError(new GatewayErrorBody(error.Message, "server_error", null, error.Code)), Json);
                    break;
                }

                foreach (var choice in ChoicesOf(answer, piece))
                {
                    yield return Data(choice);
                }
            }

            if (broken is not null)
            {
                yield return broken;
                yield break;
            }

            if (call.HasUsage)
            {
                yield return JsonSerializer.Serialize(Chunk([]) with { Usage = answers.Usage, Landfall = answers.All[0].Builder.Times }, Json);
            }

            yield return "[DONE]";
        }

        LocalChunk Chunk(IReadOnlyList<LocalChunkChoice> choices) => new(head.Id, "chat.completion.chunk", head.Created, head.Model, choices);

        string Data(LocalChunkChoice choice) => JsonSerializer.Serialize(Chunk([choice]), Json);
    }

    /// <summary>What an update brings, in chunks; without one the answer has ended.</summary>
    private static IEnumerable<LocalChunkChoice> ChoicesOf(Answer answer, LocalPiece? piece)
    {
        if (piece is null)
        {
            yield return new LocalChunkChoice(answer.Index, new LocalDelta(), FinishReason: answer.Builder.FinishReason);
            yield break;
        }

        if (piece.Reasoning.Length > 0)
        {
            yield return new LocalChunkChoice(answer.Index, new LocalDelta { Reasoning = piece.Reasoning });
        }

        if (piece.Text.Length > 0 || piece.LogProbability is not null)
        {
            yield return new LocalChunkChoice(
                answer.Index, new LocalDelta { Content = piece.Text }, piece.LogProbability is { } probability ? new LocalLogProbabilities([probability]) : null);
        }

        for (var i = 0; i < piece.Calls.Count; i++)
        {
            var call = piece.Calls[i];
            yield return new LocalChunkChoice(answer.Index, new LocalDelta { ToolCalls = [new LocalToolCallDelta(piece.FirstCall + i, call.Id!, "function", call.Function!)] });
        }
    }

    private sealed record Head(string Id, long Created, string Model);

    /// <summary>One answer on its way.</summary>
    private sealed class Answer(int index, IAsyncEnumerator<ChatResponseUpdate> updates, LocalAnswerBuilder builder) : IAsyncDisposable
    {
        private bool _hasFirst;
        private bool _isFirst;

        public int Index { get; } = index;

        public LocalAnswerBuilder Builder { get; } = builder;

        /// <summary>Waits for the first update and keeps it.</summary>
        public async Task BeginAsync() => (_isFirst, _hasFirst) = (true, await updates.MoveNextAsync().ConfigureAwait(false));

        /// <summary>What the next update brings; null at the end.</summary>
        public async Task<LocalPiece?> NextAsync()
        {
            var has = _isFirst ? _hasFirst : await updates.MoveNextAsync().ConfigureAwait(false);
            _isFirst = false;
            return has ? Builder.Add(updates.Current) : null;
        }

        public ValueTask DisposeAsync() => updates.DisposeAsync();
    }

    /// <summary>The answers to one request, and the model that gives them.</summary>
    private sealed class Answers : IAsyncDisposable
    {
        private readonly ModelLease _lease;
        private readonly CancellationTokenSource _stop;
        private Task _writing = Task.CompletedTask;
        private bool _hasStopped;

        public Answers(LocalChatCall call, ModelLease lease, TimeProvider time, CancellationToken cancellation)
        {
            _lease = lease;
            _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            try
            {
                All = [.. Enumerable.Range(0, call.Answers).Select(Begin)];
            }
            catch
            {
                // The model took some and not all: it must not go on with those.
                _stop.Cancel();
                _stop.Dispose();
                throw;
            }

            Answer Begin(int index)
            {
                var options = call.Options.Clone();

                // The same seed would make all answers the same.
                options.Seed = options.Seed is { } seed ? seed + index : null;
                var updates = lease.Model.Chat.GetStreamingResponseAsync(call.Messages, options, _stop.Token);
                return new Answer(index, updates.GetAsyncEnumerator(_stop.Token), new LocalAnswerBuilder(lease.Model.Vocabulary, time));
            }
        }

        public IReadOnlyList<Answer> All { get; }

        public LocalUsage Usage
        {
            get
            {
                var first = All[0].Builder;
                return new LocalUsage(first.PromptTokens, All.Sum(a => a.Builder.CompletionTokens), new LocalPromptDetails(first.CachedTokens));
            }
        }

        public async Task BeginAsync()
        {
            try
            {
                await Task.WhenAll(All.Select(a => a.BeginAsync())).ConfigureAwait(false);
            }
            catch
            {
                await StopAsync().ConfigureAwait(false);
                throw;
            }
        }

        /// <summary>All answers' pieces as they come; a piece of null ends an answer.</summary>
        public async IAsyncEnumerable<(Answer Answer, LocalPiece? Piece, GatewayProblemException? Error)> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
        {
            // Bounded: a slow reader holds the model back.
            var pieces = Channel.CreateBounded<(Answer, LocalPiece?, GatewayProblemException?)>(16);
            _writing = Task.WhenAll(All.Select(a => WriteAsync(a, pieces.Writer))).ContinueWith(t => pieces.Writer.TryComplete(t.Exception?.InnerException), TaskScheduler.Default);
            await foreach (var piece in pieces.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                yield return piece;
            }
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync().ConfigureAwait(false);
            _lease.Dispose();
        }

        private async Task WriteAsync(Answer answer, ChannelWriter<(Answer, LocalPiece?, GatewayProblemException?)> pieces)
        {
            try
            {
                LocalPiece? piece;
                do
                {
                    piece = await answer.NextAsync().ConfigureAwait(false);
                    await pieces.WriteAsync((answer, piece, null), _stop.Token).ConfigureAwait(false);
                }
                while (piece is not null);
            }
            catch (Exception error) when (LocalProblems.Of(error, "messages") is { } problem)
            {
                await pieces.WriteAsync((answer, null, problem), _stop.Token).ConfigureAwait(false);
            }
        }

        private async Task StopAsync()
        {
            if (Interlocked.Exchange(ref _hasStopped, true))
            {
                return;
            }

            // A reader that left early leaves answers under way: they end before they are let go.
            await _stop.CancelAsync().ConfigureAwait(false);
            await _writing.ConfigureAwait(false);
            foreach (var answer in All)
            {
                await answer.DisposeAsync().ConfigureAwait(false);
            }

            _stop.Dispose();
        }
    }
}
