using System.Buffers;
using System.Runtime.InteropServices;

namespace Landfall.Retrieval.Duplicates;

/// <summary>
/// Finds short texts that are edited copies of others: with typing errors, words in another order, courtesies added, marks
/// changed. Runs of three words (<see cref="MinHashIndex"/>) say little about a message of eight words, two of which are
/// misspelt; here the words themselves are matched, a misspelt one with its likeness, and each counts by its rarity
/// (inverse document frequency). What differs must be common words: two messages that differ in a telling word are two messages.
/// </summary>
/// <remarks>
/// Candidates share some of a text's rarest character trigrams, of which only the rarest and only the first
/// <see cref="LongestPosting"/> texts are looked at; so the work grows with the number of texts, not with its square.
/// Deterministic; safe for concurrent reading.
/// </remarks>
public sealed class EditedCopies
{
    /// <summary>The similarity from which on two texts count as copies; chosen on planted copies (see docs/benchmarks.md).</summary>
    public const double DefaultThreshold = 0.8;

    private const int Probes = 24;
    private const int LeastShared = 2;
    private const int MostCandidates = 100;
    private const int LongestPosting = 2_000;
    private readonly CopyTokens[] _texts;
    private readonly Dictionary<uint, float> _weights;
    private readonly Dictionary<uint, List<int>> _postings = [];
    private readonly uint[][] _trigrams;

    private EditedCopies(CopyTokens[] texts)
    {
        _texts = texts;
        _weights = Weigh(texts);
        _trigrams = new uint[texts.Length][];
        for (var i = 0; i < texts.Length; i++)
        {
            _trigrams[i] = texts[i].Trigrams();
            foreach (var trigram in _trigrams[i])
            {
                ref var posting = ref CollectionsMarshal.GetValueRefOrAddDefault(_postings, trigram, out _);
                (posting ??= []).Add(i);
            }
        }
    }

    /// <summary>Prepares texts.</summary>
    /// <param name="texts">In any script. A text without words has no copies.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static EditedCopies Of(IReadOnlyList<string> texts, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var tokens = new CopyTokens[texts.Count];
        for (var i = 0; i < tokens.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            tokens[i] = CopyTokens.Of(texts[i]);
        }

        return new EditedCopies(tokens);
    }

    /// <summary>The texts that are copies of one, by their index.</summary>
    /// <param name="index">The text.</param>
    /// <param name="threshold">0 to 1.</param>
    public IReadOnlyList<NearDuplicatePair> CopiesOf(int index, double threshold = DefaultThreshold)
    {
        var candidates = Candidates(index);
        return [.. candidates.Select(other => new NearDuplicatePair(Math.Min(index, other), Math.Max(index, other), Similarity(index, other)))
            .Where(p => p.Similarity >= threshold)
            .OrderBy(p => p.First).ThenBy(p => p.Second)];
    }

    /// <summary>The share of two texts' words, by weight, that have a counterpart in the other (a weighted Dice coefficient): 0 to 1.</summary>
    public double Similarity(int first, int second)
    {
        var (a, b) = (_texts[first], _texts[second]);
        if (a.Words.Count == 0 || b.Words.Count == 0)
        {
            return 0;
        }

        var left = new List<CopyWord>();
        var right = new List<CopyWord>(b.Words);
        var (matched, all) = (0.0, 0.0);
        foreach (var word in a.Words)
        {
            var at = right.FindIndex(other => other.Key == word.Key);
            if (at < 0)
            {
                left.Add(word);
                continue;
            }

            right.RemoveAt(at);
            matched += 2 * WeightOf(word);
            all += 2 * WeightOf(word);
        }

        foreach (var word in left)
        {
            var at = right.FindIndex(other => Misspelling.Joins(word.Text, other.Text));
            if (at < 0)
            {
                all += WeightOf(word);
                continue;
            }

            // A misspelt word is rare because it is misspelt: the pair counts as the commoner of the two.
            var weight = Math.Min(WeightOf(word), WeightOf(right[at]));
            right.RemoveAt(at);
            matched += 2 * weight;
            all += 2 * weight;
        }

        all += right.Sum(WeightOf);
        return all > 0 ? matched / all : 0;
    }

    /// <summary>The texts that share most of one's rarest trigrams: at least a quarter, and at most <see cref="MostCandidates"/>.</summary>
    private List<int> Candidates(int index)
    {
        // A trigram that no other text has leads nowhere; misspelt words have many.
        var probes = _trigrams[index].Select(t => _postings[t]).Where(p => p.Count > 1).OrderBy(p => p.Count).ThenBy(p => p[0]).Take(Probes).ToList();
        var shared = ArrayPool<byte>.Shared.Rent(_texts.Length);
        shared.AsSpan(0, _texts.Length).Clear();
        var seen = new List<int>();
        foreach (var posting in probes)
        {
            foreach (var other in CollectionsMarshal.AsSpan(posting)[..Math.Min(posting.Count, LongestPosting)])
            {
                if (shared[other]++ == 0)
                {
                    seen.Add(other);
                }
            }
        }

        var least = Math.Min(probes.Count, Math.Max(LeastShared, probes.Count / 4));
        var found = seen.Where(other => other != index && shared[other] >= least).Select(other => (other, shared[other])).ToList();
        ArrayPool<byte>.Shared.Return(shared);
        return [.. found.OrderByDescending(f => f.Item2).ThenBy(f => f.other).Take(MostCandidates).Select(f => f.other)];
    }

    private static Dictionary<uint, float> Weigh(CopyTokens[] texts)
    {
        var frequencies = new Dictionary<uint, int>();
        foreach (var key in texts.SelectMany(t => t.Words.Select(w => w.Key).Distinct()))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(frequencies, key, out _)++;
        }

        return frequencies.ToDictionary(f => f.Key, f => MathF.Log(1 + ((texts.Length + 1f) / f.Value)));
    }

    private double WeightOf(CopyWord word) => _weights[word.Key] * word.Share;
}
