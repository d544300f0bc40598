using System.Numerics.Tensors;
using System.Threading.Channels;
using Landfall.Inference.Constraints;
using Landfall.Inference.Formats;
using Landfall.Inference.Formats.Adapters;
using Landfall.Inference.Models;
using Landfall.Inference.Sampling;
using Landfall.Inference.Tokenizers;

namespace Landfall.Inference.Serving;

/// <summary>One request on its way: waiting, being computed, or ended. Its members belong to the engine's thread.</summary>
internal abstract class Sequence(IReadOnlyList<int> tokens, string owner, LoraAdapter? lora, PrefixAdapter? prefix, CancellationToken cancellation)
{
    /// <summary>The adapters' virtual tokens (negative), the prompt, and the answer so far.</summary>
    public List<int> Tokens { get; } = [.. Enumerable.Range(0, prefix?.VirtualTokens ?? 0).Select(i => -1 - i), .. tokens];

    public string Owner { get; } = owner;

    public LoraAdapter? Lora { get; } = lora;

    public PrefixAdapter? Prefix { get; } = prefix;

    public CancellationToken Cancellation { get; } = cancellation;

    public int PromptLength { get; } = tokens.Count + (prefix?.VirtualTokens ?? 0);

    public SequenceCache Cache { get; } = new();

    /// <summary>The serial of the last page that is kept for reuse, and how many are.</summary>
    public (long Serial, int Count) KeptPages { get; set; }

    /// <summary>Prompt tokens that were computed for an earlier request; set when first admitted.</summary>
    public int? ReusedTokens { get; set; }

    /// <summary>When it was first admitted.</summary>
    public long Began { get; set; }

    /// <summary>Tokens that the model has not seen.</summary>
    public int Pending => Tokens.Count - Cache.Length;

    public bool HasEnded { get; protected set; }

    /// <summary>Which hidden states a step over so many of its pending tokens should give.</summary>
    public abstract BatchOutputs Wanted(int count);

    /// <summary>The step's hidden states that were wanted, <c>[count, hidden]</c>.</summary>
    /// <param name="states">Hidden states.</param>
    /// <param name="logits">The last one's logits, where <see cref="NeedsLogits"/>.</param>
    public abstract void Take(ReadOnlySpan<float> states, ReadOnlySpan<float> logits);

    /// <summary>Whether its hidden states are to be projected to logits.</summary>
    public virtual bool NeedsLogits => true;

    /// <summary>Ends it before its time.</summary>
    public abstract void Fail(Exception error);
}

/// <summary>An answer that is being written.</summary>
internal sealed class AnswerSequence : Sequence
{
    private readonly GenerationRequest _request;
    private readonly Channel<GeneratedToken> _channel = Channel.CreateUnbounded<GeneratedToken>();
    private readonly Sampler _sampler;
    private readonly ConstraintState? _constraint;
    private readonly ITokenStream _text;
    private readonly StopTexts _stop;
    private readonly int[] _ends;
    private readonly int _limit;
    private readonly int _vocabulary;
    private readonly TimeProvider _time;
    private long _first;

    public AnswerSequence(GenerationRequest request, LanguageModel model, int contextLength, TimeProvider time, CancellationToken cancellation)
        : base(request.Prompt, request.Owner, request.Lora, request.Prefix, cancellation)
    {
        _request = request;
        _vocabulary = model.Tokenizer.Vocabulary.Count;
        _sampler = new Sampler(request.Sampling, _vocabulary, [.. request.Prompt]);
        _constraint = request.Constraint?.Start();
        _text = model.Tokenizer.Stream(request.ShowSpecial);
        _stop = new StopTexts(request.Stop);
        _ends = [.. model.EndTokens];
        _limit = Math.Min(request.MaxTokens, contextLength - PromptLength);
        _time = time;
    }

    public ChannelReader<GeneratedToken> Reader => _channel.Reader;

    private int Completion => Tokens.Count - PromptLength;

    public override BatchOutputs Wanted(int count) => count == Pending ? BatchOutputs.Last : BatchOutputs.None;

    public override void Take(ReadOnlySpan<float> states, ReadOnlySpan<float> logits)
    {
        if (Completion == 0)
        {
            _first = _time.GetTimestamp();
        }

        // Rows that fill the matrix up to a round number are no tokens.
        logits = logits[.._vocabulary];
        var token = Choose(logits);
        if (_ends.Contains(token))
        {
            End(FinishReason.Stop, -1, "", probabilities: null);
            return;
        }

        _sampler.Accept(token);
        _constraint?.Accept(token);
        Tokens.Add(token);
        var text = _stop.Append(_text.Append(token));
        var probabilities = _request.TopLogProbabilities is { } top ? LogProbabilities.Of(logits, token, top) : null;
        if (_stop.IsStopped || _constraint is { MustEnd: true })
        {
            End(FinishReason.Stop, token, text, probabilities);
        }
        else if (Completion >= _limit)
        {
            End(FinishReason.Length, token, text, probabilities);
        }
        else
        {
            _channel.Writer.TryWrite(new GeneratedToken(token, text) { LogProbabilities = probabilities });
        }
    }

    public override void Fail(Exception error)
    {
        HasEnded = true;
        _channel.Writer.TryComplete(error);
    }

    private int Choose(ReadOnlySpan<float> logits) => _constraint is null
        ? _sampler.Next(logits)
        : _sampler.Next(logits, _constraint.Allowed(), _constraint.CanEnd ? _ends : []);

    private void End(FinishReason reason, int token, string text, LogProbabilities? probabilities)
    {
        HasEnded = true;
        text += _stop.IsStopped ? "" : _stop.Append(_text.Flush());
        text += _stop.Flush();
        var end = new GenerationEnd(reason, PromptLength, ReusedTokens ?? 0, Completion, _time.GetElapsedTime(Began, _first), _time.GetElapsedTime(_first));
        _channel.Writer.TryWrite(new GeneratedToken(token, text) { LogProbabilities = probabilities, End = end });
        _channel.Writer.TryComplete();
    }
}

/// <summary>A text whose hidden states become one vector. Those of an adapter's virtual tokens are none of the text's.</summary>
internal sealed class EmbeddingSequence(EmbeddingRequest request, int hiddenSize, CancellationToken cancellation)
    : Sequence(request.Tokens, request.Owner, request.Lora, request.Prefix, cancellation)
{
    private readonly TaskCompletionSource<float[]> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly float[] _vector = new float[hiddenSize];
    private int _virtualLeft = request.Prefix is { Embeddings: not null } prompt ? prompt.VirtualTokens : 0;
    private int _seen;

    public Task<float[]> Result => _result.Task;

    public override bool NeedsLogits => false;

    public override BatchOutputs Wanted(int count) => request.Pooling switch
    {
        Pooling.Mean => BatchOutputs.All,
        Pooling.FirstToken when _seen == 0 => BatchOutputs.All,
        _ => count == Pending ? BatchOutputs.Last : BatchOutputs.None,
    };

    public override void Take(ReadOnlySpan<float> states, ReadOnlySpan<float> logits)
    {
        for (var start = 0; start < states.Length; start += hiddenSize)
        {
            if (_virtualLeft > 0 && request.Pooling != Pooling.LastToken)
            {
                _virtualLeft--;
                continue;
            }

            if (request.Pooling == Pooling.Mean || _seen == 0)
            {
                TensorPrimitives.Add(_vector, states.Slice(start, hiddenSize), _vector);
            }

            _seen++;
        }

        if (Pending == 0)
        {
            HasEnded = true;
            TensorPrimitives.Divide(_vector, request.Normalise ? TensorPrimitives.Norm(_vector) : request.Pooling == Pooling.Mean ? _seen : 1, _vector);
            _result.TrySetResult(_vector);
        }
    }

    public override void Fail(Exception error)
    {
        HasEnded = true;
        _result.TrySetException(error);
    }
}

/// <summary>What to embed, and how.</summary>
public sealed record EmbeddingRequest
{
    /// <summary>Token ids; at least one.</summary>
    public required IReadOnlyList<int> Tokens { get; init; }

    /// <summary>How hidden states become one vector.</summary>
    public Pooling Pooling { get; init; } = Pooling.Mean;

    /// <summary>An adapter of the base's matrices.</summary>
    public LoraAdapter? Lora { get; init; }

    /// <summary>Learned keys and values, or embeddings, before the text; their own hidden states are left out.</summary>
    public PrefixAdapter? Prefix { get; init; }

    /// <summary>Whether the vector is made 1 long; otherwise it is the hidden states' mean, or the one hidden state, as it is.</summary>
    public bool Normalise { get; init; } = true;

    /// <summary>On whose behalf (<see cref="GenerationRequest.Owner"/>).</summary>
    public string Owner { get; init; } = "";
}
