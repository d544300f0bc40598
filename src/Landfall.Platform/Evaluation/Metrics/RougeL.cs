using Landfall.Platform.Briefs;
using Landfall.Platform.Evaluation.Text;

namespace Landfall.Platform.Evaluation.Metrics;

/// <summary>
/// The mean of the sentence-level ROUGE-L F1: twice the longest common subsequence of words over the words of both (Lin,
/// ACL workshop 2004, equations 2 to 4 with beta = 1). Words are lower-case runs of letters and digits, without stemming;
/// each Chinese character is a word.
/// </summary>
public sealed class RougeL : IMetric
{
    public string Name => "rouge-l";

    public MetricKind Kind => MetricKind.Mean;

    public ValueRange Range => ValueRange.Fraction;

    public IReadOnlyList<OutputKind> Outputs => OutputKinds.Texts;

    public double[]? Score(Observation observation, MetricContext context)
    {
        List<string> reference = Words.Of(observation.Row.Expected), answer = Words.Of(observation.Got);
        return reference.Count == 0 || answer.Count == 0
            ? [reference.Count == answer.Count ? 1 : 0]
            : [2.0 * LongestCommonSubsequence(reference, answer) / (reference.Count + answer.Count)];
    }

    private static int LongestCommonSubsequence(List<string> a, List<string> b)
    {
        // Words as numbers, two rows of the table.
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        int[] left = Numbers(a, numbers), right = Numbers(b, numbers);
        int[] above = new int[right.Length + 1], row = new int[right.Length + 1];
        foreach (var word in left)
        {
            for (var j = 0; j < right.Length; j++)
            {
                row[j + 1] = word == right[j] ? above[j] + 1 : Math.Max(above[j + 1], row[j]);
            }

            (above, row) = (row, above);
        }

        return above[^1];
    }

    private static int[] Numbers(List<string> words, Dictionary<string, int> numbers) =>
        [.. words.Select(word => numbers.TryGetValue(word, out var number) ? number : numbers[word] = numbers.Count)];
}
