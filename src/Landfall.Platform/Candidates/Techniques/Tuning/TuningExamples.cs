using Landfall.Platform.Datasets;
using Landfall.Protocol.Training;
using Microsoft.Extensions.AI;

namespace Landfall.Platform.Candidates.Techniques.Tuning;

/// <summary>Rows as a model learns from them. A question is the same conversation in training and in serving.</summary>
internal static class TuningExamples
{
    /// <summary>Rows whose label is learnt by a classification head; those of other labels are left out.</summary>
    public static IEnumerable<TuningExample> Labelled(IEnumerable<Row> rows, IReadOnlyList<string> labels)
    {
        var places = labels.Index().ToDictionary(l => l.Item, l => l.Index, StringComparer.Ordinal);
        return rows.Where(r => places.ContainsKey(r.Expected)).Select(r => new TuningExample([.. Messages(Question.Of(r))], places[r.Expected]));
    }

    /// <summary>Rows whose answer is learnt to be written.</summary>
    public static IEnumerable<TuningExample> Written(IEnumerable<Row> rows) =>
        rows.Select(r => new TuningExample([.. Messages(Question.Of(r)), new TuningMessage("assistant", r.Expected)]));

    /// <summary>A question as a chat client takes it.</summary>
    public static IReadOnlyList<ChatMessage> Chat(Question question) => [.. Messages(question).Select(m => new ChatMessage(new ChatRole(m.Role), m.Content))];

    private static IEnumerable<TuningMessage> Messages(Question question)
    {
        if (question.System is { } system)
        {
            yield return new TuningMessage("system", system);
        }

        foreach (var turn in question.History ?? [])
        {
            yield return new TuningMessage(turn.Role, turn.Content);
        }

        yield return new TuningMessage("user", question.Text);
    }
}
