using Landfall.Platform.Briefs;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Evaluation;

/// <summary>
/// Groups a candidate's errors by their shape and names what to do next: labels by the confused pair, whichever way round;
/// texts and JSON by what is wrong with the answer. Largest group first; the order depends on nothing but the data.
/// </summary>
public static class ErrorClustering
{
    /// <summary>Stands for "several" where the errors of a group do not share an output.</summary>
    public const string Several = "*";

    public const int DefaultLimit = 20;

    private const string PairPrefix = "pair ";

    /// <param name="context">What metrics know of the brief.</param>
    /// <param name="observations">All observations, right ones too.</param>
    /// <param name="trainLabels">The labels that train has, where known: an expected label that is not among them is its own kind of error.</param>
    /// <param name="limit">Groups at most.</param>
    public static IReadOnlyList<ErrorCluster> Cluster(
        MetricContext context, IReadOnlyList<Observation> observations, IReadOnlySet<string>? trainLabels = null, int limit = DefaultLimit)
    {
        var errors = context.Output == OutputKind.Label
            ? Labels(context, observations, trainLabels)
            : [.. observations.Select(o => (Observation: o, Kind: AnswerErrors.KindOf(context, o))).Where(error => error.Kind is not null)
                .Select(error => new Error(error.Observation, error.Kind!.Name, (count, of, _, _) => error.Kind.Action(count, of)))];
        return [.. errors
            .GroupBy(error => error.Group, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .Take(limit)
            .Select(group => Describe(context, [.. group], errors.Count))];
    }

    private static ErrorCluster Describe(MetricContext context, Error[] group, int of)
    {
        var (expected, got) = group[0].Group.StartsWith(PairPrefix, StringComparison.Ordinal)
            ? MoreFrequentWay(context, group)
            : (Shared(group.Select(error => Output(context, error.Observation.Row.Expected))), Shared(group.Select(error => Output(context, error.Observation.Got))));
        return new ErrorCluster(expected, got, group.Length, of, group[0].Action(group.Length, of, expected, got), [.. group.Select(error => error.Observation.Row.Id)]);
    }

    private static (string Expected, string Got) MoreFrequentWay(MetricContext context, Error[] pair) =>
        pair.GroupBy(error => (Expected: Output(context, error.Observation.Row.Expected), Got: Output(context, error.Observation.Got)))
            .OrderByDescending(way => way.Count())
            .ThenBy(way => way.Key.Expected, StringComparer.Ordinal)
            .First().Key;

    private static string Output(MetricContext context, string text) => context.Output == OutputKind.Label ? context.Label(text) : text;

    private static List<Error> Labels(MetricContext context, IReadOnlyList<Observation> observations, IReadOnlySet<string>? trainLabels)
    {
        var known = observations.Select(o => context.Label(o.Row.Expected)).Concat(trainLabels ?? Enumerable.Empty<string>()).ToHashSet(StringComparer.Ordinal);
        var errors = new List<Error>();
        foreach (var observation in observations)
        {
            string expected = context.Label(observation.Row.Expected), got = context.Label(observation.Got);
            if (!string.Equals(expected, got, StringComparison.Ordinal))
            {
                errors.Add(LabelError(context, observation, expected, got, known, trainLabels));
            }
        }

        return errors;
    }

    private static Error LabelError(
        MetricContext context, Observation observation, string expected, string got, HashSet<string> known, IReadOnlySet<string>? trainLabels)
    {
        if (trainLabels is not null && !trainLabels.Contains(expected))
        {
            return new Error(observation, $"unseen {expected}", (count, of, e, _) =>
                $"{count} of {of} errors expect `{e}`, which train does not have: add rows for it, or correct the label");
        }

        if (context.IsOutOfScope(expected))
        {
            return new Error(observation, "out of scope taken for in scope", (count, of, e, g) => g == Several
                ? $"{count} of {of} errors answer out-of-scope messages as if they were in scope: add such messages to train as `{e}`, or raise the threshold"
                : $"{count} of {of} errors answer out-of-scope messages with `{g}`: add such messages to train as `{e}`, or raise the threshold");
        }

        if (context.IsOutOfScope(got))
        {
            return new Error(observation, "in scope taken for out of scope", (count, of, e, g) => e == Several
                ? $"{count} of {of} errors turn in-scope messages away as `{g}`: add rows like them to train, or lower the threshold"
                : $"{count} of {of} errors turn `{e}` away as `{g}`: add rows like them to train, or lower the threshold");
        }

        if (!known.Contains(got))
        {
            return new Error(observation, "no label", (count, of, _, _) =>
                $"{count} of {of} errors answer with what is no label: name the labels to the model and ask for one of them alone");
        }

        var (first, second) = string.CompareOrdinal(expected, got) < 0 ? (expected, got) : (got, expected);
        return new Error(observation, $"{PairPrefix}{first}\n{second}", (count, of, e, g) =>
            $"{count} of {of} errors confuse `{e}` with `{g}`: relabel or add rows");
    }

    private static string Shared(IEnumerable<string> outputs)
    {
        string? shared = null;
        foreach (var output in outputs)
        {
            if (shared is not null && !string.Equals(shared, output, StringComparison.Ordinal))
            {
                return Several;
            }

            shared = output;
        }

        return shared ?? Several;
    }

    /// <param name="Observation">The wrong answer.</param>
    /// <param name="Group">The group's key.</param>
    /// <param name="Action">From the group's size, all errors, and the outputs expected and got: the next thing to do.</param>
    private sealed record Error(Observation Observation, string Group, Func<int, int, string, string, string> Action);
}
