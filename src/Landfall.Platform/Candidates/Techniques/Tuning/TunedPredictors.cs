using System.Text.Json;
using Landfall.Inference.Chat;
using Landfall.Platform.Briefs;
using Landfall.Retrieval.Classification;
using Microsoft.Extensions.AI;

namespace Landfall.Platform.Candidates.Techniques.Tuning;

/// <summary>A tuned model with a classification head.</summary>
internal sealed class TunedClassifier(TunedArtifact artifact, TunedModel model) : IPredictor
{
    private readonly ScoreCalibration _calibration = ScoreCalibration.Load(new MemoryStream(artifact.Calibration!));

    public async ValueTask<Answer> AnswerAsync(Question question, CancellationToken cancellation)
    {
        var (logits, tokens) = await model.ClassifyAsync(question, cancellation).ConfigureAwait(false);
        var prediction = _calibration.Predict(logits);
        return new Answer(
            prediction.Label, prediction.Probability, [.. prediction.Alternatives.Where(a => a.Label != prediction.Label).Select(a => (a.Label, a.Probability))], tokens);
    }

    public void Dispose()
    {
        // The model's host has all that is loaded.
    }
}

/// <summary>A tuned model that writes its answer, which keeps to the brief's form.</summary>
internal sealed class TunedWriter : IPredictor
{
    private readonly TunedArtifact _artifact;
    private readonly TunedModel _model;
    private readonly ChatResponseFormat? _format;

    public TunedWriter(TunedArtifact artifact, TunedModel model)
    {
        (_artifact, _model) = (artifact, model);
        if (artifact.Output == OutputKind.Json)
        {
            _format = artifact.Schema is { } schema ? ChatResponseFormat.ForJsonSchema(JsonElement.Parse(schema)) : ChatResponseFormat.Json;
        }
    }

    public async ValueTask<Answer> AnswerAsync(Question question, CancellationToken cancellation)
    {
        var options = new LocalChatOptions { ResponseFormat = _format, Choices = _artifact.Output == OutputKind.Label ? _artifact.Labels : null };
        var response = await _model.WriteAsync(question, options, cancellation).ConfigureAwait(false);
        return new Answer(
            response.Text.Trim(), Confidence: null, [], (int)(response.Usage?.InputTokenCount ?? 0), (int)(response.Usage?.OutputTokenCount ?? 0));
    }

    public void Dispose()
    {
        // The model's host has all that is loaded.
    }
}
