using System.Runtime.CompilerServices;
using Landfall.Inference.Models;

namespace Landfall.Inference.Serving;

/// <summary>
/// Chooses what each step computes: first one token for every answer in the writing, then prompts, the least served owner's
/// first. A sequence is admitted when there are pages for all its tokens; when pages run out later, the youngest sequence
/// gives up its own and is computed again when there is room. For the engine's thread.
/// </summary>
internal sealed class Scheduler(LanguageModel model, Transformer transformer, KeyValueCache cache, EngineOptions options, TimeProvider time)
{
    private readonly List<Sequence> _waiting = [];
    private readonly List<Sequence> _running = [];
    private readonly FairShares _shares = new();
    private readonly ConditionalWeakTable<object, StrongBox<long>> _serials = [];
    private readonly Dictionary<(long Lora, long Prefix), long> _roots = [];

    /// <summary>Sequences that have not ended.</summary>
    public int Count => _waiting.Count + _running.Count;

    /// <summary>A sequence came in.</summary>
    public void Add(Sequence sequence)
    {
        _shares.Arrive(sequence.Owner, _waiting.Concat(_running).Select(s => s.Owner));
        _waiting.Add(sequence);
    }

    /// <summary>Computes one step.</summary>
    /// <returns>Whether there was something to compute.</returns>
    public bool Step()
    {
        DropCancelled();
        Admit();
        var plan = Plan();
        if (plan.Count == 0)
        {
            if (Count == 0)
            {
                _shares.Clear();
            }

            return false;
        }

        try
        {
            Compute(plan);
        }
        catch (Exception error)
        {
            // The step's sequences cannot go on; the engine can.
            foreach (var (sequence, _) in plan)
            {
                sequence.Fail(error);
            }
        }

        foreach (var (sequence, count) in plan)
        {
            var isAnswer = count == 1 && sequence.Tokens.Count > sequence.PromptLength;
            _shares.Serve(sequence.Owner, isAnswer ? 0 : count, isAnswer ? 1 : 0);
        }

        RemoveEnded();
        return true;
    }

    /// <summary>Ends all.</summary>
    public void FailAll(Exception error)
    {
        foreach (var sequence in _waiting.Concat(_running))
        {
            sequence.Fail(error);
        }
    }

    private void DropCancelled()
    {
        foreach (var sequence in _waiting.Concat(_running).Where(s => s.Cancellation.IsCancellationRequested))
        {
            sequence.Fail(new OperationCanceledException(sequence.Cancellation));
        }

        RemoveEnded();
    }

    private void RemoveEnded()
    {
        foreach (var sequence in _running.Where(s => s.HasEnded))
        {
            cache.Release(sequence.Cache.Pages);
        }

        _running.RemoveAll(s => s.HasEnded);
        _waiting.RemoveAll(s => s.HasEnded);
    }

    private void Admit()
    {
        while (_waiting.Count > 0 && _running.Count < options.MaxSequences)
        {
            var next = _waiting.MinBy(s => _shares.Of(s.Owner))!;
            var pages = PagesFor(next.Tokens.Count + (next is AnswerSequence ? 1 : 0));

            // Pages that it shares with others are counted as if it did not: the worst case.
            if (pages > cache.Available)
            {
                return;
            }

            _waiting.Remove(next);
            _running.Add(next);
            try
            {
                Begin(next, pages);
            }
            catch (Exception error)
            {
                // What is wrong with one request ends it alone.
                next.Fail(error);
                RemoveEnded();
            }
        }
    }

    private void Begin(Sequence sequence, int pages)
    {
        var root = RootOf(sequence);
        sequence.Cache.Pages.Clear();
        sequence.KeptPages = (root, 0);
        if (options.ReusePrefixes && model.Config.Rope.Scaling != RopeScaling.Dynamic && sequence is AnswerSequence)
        {
            Reuse(sequence);
        }

        if (sequence.ReusedTokens is null)
        {
            sequence.ReusedTokens = sequence.Cache.Pages.Count * KeyValueCache.PageLength;
            sequence.Began = time.GetTimestamp();
        }

        sequence.Cache.Length = sequence.Cache.Pages.Count * KeyValueCache.PageLength;
        while (sequence.Cache.Pages.Count < pages)
        {
            sequence.Cache.Pages.Add(cache.Take()!);
        }

        if (sequence.Prefix is { Layers: not null } prefix && sequence.Cache.Length < prefix.VirtualTokens)
        {
            sequence.Cache.Begin(prefix, cache.Layout);
        }
    }

    /// <summary>Takes the kept pages that the sequence begins with; its last token is always computed, for its logits.</summary>
    private void Reuse(Sequence sequence)
    {
        Span<int> tokens = stackalloc int[KeyValueCache.PageLength];
        for (var start = 0; start + KeyValueCache.PageLength < sequence.Tokens.Count; start += KeyValueCache.PageLength)
        {
            for (var index = 0; index < tokens.Length; index++)
            {
                tokens[index] = sequence.Tokens[start + index];
            }

            if (cache.Find(sequence.KeptPages.Serial, tokens) is not { } page)
            {
                return;
            }

            sequence.Cache.Pages.Add(page);
            sequence.KeptPages = (page.Serial, sequence.KeptPages.Count + 1);
        }
    }

    /// <summary>Sequences with the same adapters share pages, and none with others.</summary>
    private long RootOf(Sequence sequence)
    {
        var adapters = (SerialOf(sequence.Lora), SerialOf(sequence.Prefix));
        if (!_roots.TryGetValue(adapters, out var root))
        {
            _roots.Add(adapters, root = cache.NewRoot());
        }

        return root;
    }

    private long SerialOf(object? adapter) => adapter is null ? 0 : _serials.GetValue(adapter, _ => new StrongBox<long>(cache.NewRoot())).Value;

    /// <summary>The next step: sequences, and how many of their pending tokens.</summary>
    private List<(Sequence Sequence, int Count)> Plan()
    {
        List<(Sequence, int)> plan = [];
        // Every answer gets its token, and a prompt at least one, however small the step.
        var budget = Math.Max(options.StepTokens, _running.Count + 1);
        foreach (var sequence in _running.Where(s => s.Pending == 1).ToList())
        {
            if (budget > 0 && _running.Contains(sequence) && HasPage(sequence))
            {
                plan.Add((sequence, 1));
                budget--;
            }
        }

        // Making room for one may have taken another's pages.
        plan.RemoveAll(p => !_running.Contains(p.Item1));
        foreach (var sequence in _running.Where(s => s.Pending > 1 && !s.HasEnded).OrderBy(s => _shares.Of(s.Owner)).ToList())
        {
            var count = Math.Min(sequence.Pending, budget);
            if (count > 0)
            {
                plan.Add((sequence, count));
                budget -= count;
            }
        }

        return plan;
    }

    /// <summary>Whether the sequence has a place for its next token, if need be at the cost of a younger one.</summary>
    private bool HasPage(Sequence sequence)
    {
        while (sequence.Cache.Pages.Count < PagesFor(sequence.Tokens.Count))
        {
            if (cache.Take() is { } page)
            {
                sequence.Cache.Pages.Add(page);
                return true;
            }

            var youngest = _running.LastOrDefault(s => s is AnswerSequence);
            if (youngest is null || _running.Count == 1)
            {
                sequence.Fail(new InferenceException("The memory for keys and values is full. Allow more, or fewer answers at the same time."));
                return false;
            }

            GiveUp(youngest);
            if (ReferenceEquals(youngest, sequence))
            {
                return false;
            }
        }

        return true;
    }

    private void GiveUp(Sequence sequence)
    {
        cache.Release(sequence.Cache.Pages);
        sequence.Cache.Pages.Clear();
        sequence.Cache.Length = 0;
        _running.Remove(sequence);
        _waiting.Insert(0, sequence);
    }

    private void Compute(List<(Sequence Sequence, int Count)> plan)
    {
        // Neighbours with the same adapter are multiplied together.
        plan.Sort((a, b) => SerialOf(a.Sequence.Lora).CompareTo(SerialOf(b.Sequence.Lora)));
        var parts = plan.ConvertAll(p => PartOf(p.Sequence, p.Count));
        var hidden = transformer.Forward(parts);
        var size = model.Config.HiddenSize;
        var takers = Enumerable.Range(0, plan.Count).Where(i => parts[i].OutputCount > 0).ToList();

        var needing = takers.Where(i => plan[i].Sequence.NeedsLogits).ToList();
        var rows = new float[needing.Count * size];
        var offsets = new int[plan.Count];
        for (var (index, offset) = (0, 0); index < plan.Count; offset += parts[index++].OutputCount)
        {
            offsets[index] = offset;
        }

        for (var index = 0; index < needing.Count; index++)
        {
            hidden.Slice((offsets[needing[index]] + parts[needing[index]].OutputCount - 1) * size, size).CopyTo(rows.AsSpan(index * size));
        }

        var logits = needing.Count > 0 ? transformer.Project(rows, needing.Count) : [];
        var vocabulary = model.Config.VocabularySize;
        foreach (var (sequence, _) in plan)
        {
            KeepFullPages(sequence);
        }

        foreach (var index in takers)
        {
            var sequence = plan[index].Sequence;
            var place = needing.IndexOf(index);
            try
            {
                sequence.Take(hidden.Slice(offsets[index] * size, parts[index].OutputCount * size), place < 0 ? [] : logits.Slice(place * vocabulary, vocabulary));
            }
            catch (Exception error)
            {
                // What is wrong with one request ends it alone.
                sequence.Fail(error);
            }
        }
    }

    private static BatchPart PartOf(Sequence sequence, int count) => new(sequence.Cache, sequence.Tokens.GetRange(sequence.Cache.Length, count).ToArray())
    {
        Outputs = sequence.Wanted(count),
        Lora = sequence.Lora,
        VirtualTokens = sequence.Prefix?.Embeddings,
        PlannedLength = sequence.PromptLength,
    };

    private void KeepFullPages(Sequence sequence)
    {
        if (!options.ReusePrefixes || model.Config.Rope.Scaling == RopeScaling.Dynamic)
        {
            return;
        }

        var (serial, kept) = sequence.KeptPages;
        while ((kept + 1) * KeyValueCache.PageLength <= sequence.Cache.Length)
        {
            var tokens = sequence.Tokens.GetRange(kept * KeyValueCache.PageLength, KeyValueCache.PageLength).ToArray();
            serial = cache.Keep(sequence.Cache.Pages[kept], serial, tokens);
            kept++;
        }

        sequence.KeptPages = (serial, kept);
    }

    private static int PagesFor(int tokens) => (tokens + KeyValueCache.PageLength - 1) / KeyValueCache.PageLength;
}
