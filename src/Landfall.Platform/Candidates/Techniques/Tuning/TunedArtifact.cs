using System.Text.Json;
using Landfall.Platform.Briefs;
using Landfall.Protocol.Models;

namespace Landfall.Platform.Candidates.Techniques.Tuning;

/// <summary>A tuned candidate: which files of the blob store answer over which base, and how their answer is read.</summary>
internal sealed record TunedArtifact
{
    public const int Current = 1;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public required int Format { get; init; }

    /// <summary>The technique that made it.</summary>
    public required string Technique { get; init; }

    /// <summary>What was tuned, with its files.</summary>
    public required ModelSummary Base { get; init; }

    /// <summary>Of <c>full</c> the whole model, which answers without its base.</summary>
    public ModelSummary? Model { get; init; }

    /// <summary>Otherwise the adapter's files.</summary>
    public IReadOnlyList<ModelFile>? Adapter { get; init; }

    /// <summary>The classification head.</summary>
    public ModelFile? Classifier { get; init; }

    public required OutputKind Output { get; init; }

    /// <summary>The labels, in the order of the head's rows.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Temperature and threshold, of the head's logits.</summary>
    public byte[]? Calibration { get; init; }

    public string? Schema { get; init; }

    /// <summary>The most tokens that a written answer may have.</summary>
    public int MaxAnswerTokens { get; init; }

    /// <summary>Bytes of its own files; the base's are not counted.</summary>
    public long FileBytes => (Model?.Bytes ?? 0) + (Adapter?.Sum(f => f.Bytes) ?? 0) + (Classifier?.Bytes ?? 0);

    public Task WriteAsync(Stream output, CancellationToken cancellation) => JsonSerializer.SerializeAsync(output, this, Json, cancellation);

    /// <exception cref="InvalidDataException">It is damaged, or of a newer release.</exception>
    public static TunedArtifact Read(Stream input)
    {
        try
        {
            var artifact = JsonSerializer.Deserialize<TunedArtifact>(input, Json);
            return artifact is { Format: Current } && (artifact.Model is null) != (artifact.Adapter is null)
                ? artifact
                : throw new InvalidDataException($"A tuned candidate has the format {artifact?.Format}; this release reads {Current}. Land the app again.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException("A tuned candidate is damaged. Land the app again.", error);
        }
    }
}
