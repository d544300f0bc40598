using Landfall.Inference;
using Landfall.Inference.Chat;
using Landfall.Inference.Serving;
using Landfall.Platform.Models;
using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Landfall.Protocol.Errors;
using Microsoft.Extensions.AI;

namespace Landfall.Platform.Candidates.Techniques.Tuning;

/// <summary>Runs a tuned candidate in this process. Its base is loaded once, however many candidates answer over it.</summary>
internal sealed class TunedModel(TunedArtifact artifact, ModelHost host, BlobStore blobs)
{
    private ClassifierHead? _head;
    private (InferenceEngine Engine, ChatPrompt Prompt)? _prompt;

    /// <summary>The head's logits for a question, and the tokens read. A question that is too long is cut at its end.</summary>
    public async Task<(float[] Logits, int Tokens)> ClassifyAsync(Question question, CancellationToken cancellation)
    {
        using var lease = await OpenAsync(cancellation).ConfigureAwait(false);
        var engine = EngineOf(lease);
        var head = _head ??= ReadHead(engine.Model.Config.HiddenSize);
        var tokens = Encode(engine, question, lease.Adapter?.Prefix?.VirtualTokens ?? 0);
        var request = new EmbeddingRequest { Tokens = tokens, Lora = lease.Adapter?.Lora, Prefix = lease.Adapter?.Prefix, Normalise = false };
        return (head.Score(await engine.EmbedAsync(request, cancellation).ConfigureAwait(false)), tokens.Length);
    }

    /// <summary>A written answer: the likeliest token each time.</summary>
    public async Task<ChatResponse> WriteAsync(Question question, LocalChatOptions options, CancellationToken cancellation)
    {
        using var lease = await OpenAsync(cancellation).ConfigureAwait(false);
        (options.Temperature, options.RepetitionPenalty, options.MaxOutputTokens) = (0, 1, artifact.MaxAnswerTokens);
        (options.Lora, options.Prefix) = (lease.Adapter?.Lora, lease.Adapter?.Prefix);
        return await lease.Model.Chat.GetResponseAsync(TuningExamples.Chat(question), options, cancellation).ConfigureAwait(false);
    }

    /// <summary>Tokens of a text alone.</summary>
    public async Task<int> CountAsync(string text, CancellationToken cancellation)
    {
        using var lease = await OpenAsync(cancellation).ConfigureAwait(false);
        return EngineOf(lease).Model.Tokenizer.Encode(text).Length;
    }

    private async Task<ModelLease> OpenAsync(CancellationToken cancellation)
    {
        try
        {
            return await host.OpenAsync(artifact.Model ?? artifact.Base, artifact.Adapter, cancellation).ConfigureAwait(false);
        }
        catch (FileNotFoundException)
        {
            throw new RunFailedException($"Files of the model '{artifact.Base.Name}', over which this candidate was tuned, were removed. Import it again, or land the app anew.", ErrorCodes.ModelInvalid);
        }
        catch (InferenceException error)
        {
            throw new RunFailedException($"The tuned model cannot be loaded: {error.Message}", ErrorCodes.ModelInvalid);
        }
    }

    private static InferenceEngine EngineOf(ModelLease lease) =>
        lease.Model.Chat.GetService<InferenceEngine>() ?? throw new RunFailedException("The base of this candidate does not run on the inference engine.", ErrorCodes.ModelInvalid);

    private ClassifierHead ReadHead(int hidden)
    {
        using var file = blobs.Open(artifact.Classifier!.Sha256);
        return ClassifierHead.Open(file.Name, artifact.Labels.Count, hidden);
    }

    private int[] Encode(InferenceEngine engine, Question question, int virtualTokens)
    {
        var (known, prompt) = _prompt is { } kept && kept.Engine == engine ? kept : (engine, new ChatPrompt(engine.Model));
        _prompt = (known, prompt);
        var most = engine.ContextLength - virtualTokens;
        var tokens = prompt.Encode(TuningExamples.Chat(question));
        while (tokens.Length > most && (question.History is not null || question.Text.Length > 1))
        {
            // What was said before goes first, then the end of the message.
            question = question.History is not null ? question with { History = null } : question with { Text = question.Text[..(int)Math.Min(question.Text.Length - 1L, (long)question.Text.Length * most / tokens.Length)] };
            tokens = prompt.Encode(TuningExamples.Chat(question));
        }

        return tokens;
    }
}
