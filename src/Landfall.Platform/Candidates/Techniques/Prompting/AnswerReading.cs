using System.Text.Json;
using Landfall.Platform.Briefs;
using Landfall.Platform.Evaluation.Json;

namespace Landfall.Platform.Candidates.Techniques.Prompting;

/// <summary>Turns what a model says into the brief's output, or says what is wrong with it, so that the model can mend it.</summary>
internal sealed class AnswerReading
{
    private readonly OutputKind _output;
    private readonly LabelReading? _labels;
    private readonly JsonSchema? _schema;
    private readonly string _labelList;

    public AnswerReading(OutputKind output, IReadOnlyList<string> labels, string? schema)
    {
        _output = output;
        _labels = output == OutputKind.Label ? new LabelReading(labels) : null;
        _labelList = string.Join(", ", labels);
        _schema = output == OutputKind.Json && schema is not null ? JsonSchema.Parse(schema) : null;
    }

    /// <summary>Reads an answer.</summary>
    /// <returns>The output, and why it is none (in which case it is the answer as it is).</returns>
    public (string Text, string? Problem) Read(string answer) => _output switch
    {
        OutputKind.Label => _labels!.Read(answer) is { } label
            ? (label, null)
            : (Shorten(answer), $"That is none of the labels, or more than one. Answer with exactly one of these labels and nothing else: {_labelList}"),
        OutputKind.Json => ReadJson(answer),
        _ => (answer.Trim(), null),
    };

    private (string Text, string? Problem) ReadJson(string answer)
    {
        var json = WithoutFence(answer.Trim());
        try
        {
            using var document = JsonDocument.Parse(json);
            return _schema?.WhyInvalid(document.RootElement) is { } why
                ? (json, $"That does not fit the schema: {why} Answer with the corrected JSON and nothing else.")
                : (json, null);
        }
        catch (JsonException error)
        {
            return (json, $"That is not valid JSON ({error.Message}) Answer with the JSON and nothing else.");
        }
    }

    private static string WithoutFence(string text)
    {
        if (!text.StartsWith("```", StringComparison.Ordinal) || !text.EndsWith("```", StringComparison.Ordinal) || text.IndexOf('\n', StringComparison.Ordinal) < 0)
        {
            return text;
        }

        var first = text.IndexOf('\n', StringComparison.Ordinal);
        return text.Length - 3 > first ? text[(first + 1)..^3].Trim() : text;
    }

    private static string Shorten(string answer) => answer.Trim() is { Length: > 200 } longer ? longer[..200] : answer.Trim();
}
