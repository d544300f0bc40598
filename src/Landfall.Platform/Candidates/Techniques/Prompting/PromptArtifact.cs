using System.Text.Json;
using Landfall.Platform.Briefs;

namespace Landfall.Platform.Candidates.Techniques.Prompting;

/// <summary>A chosen prompt with all that asking it needs, but the endpoint's key and settings.</summary>
internal sealed record PromptArtifact
{
    public const int Current = 1;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public required int Format { get; init; }

    public required string Endpoint { get; init; }

    /// <summary>Address and model: what the artifact was chosen for.</summary>
    public required string EndpointIdentity { get; init; }

    public required string Instruction { get; init; }

    public required int Examples { get; init; }

    public required OutputKind Output { get; init; }

    public required IReadOnlyList<string> Labels { get; init; }

    public string? Schema { get; init; }

    /// <summary>The rows that examples come from: text and answer.</summary>
    public required IReadOnlyList<string[]> Rows { get; init; }

    public Task WriteAsync(Stream output, CancellationToken cancellation) => JsonSerializer.SerializeAsync(output, this, Json, cancellation);

    /// <exception cref="InvalidDataException">It is damaged, or of a newer release.</exception>
    public static PromptArtifact Read(Stream input)
    {
        try
        {
            var artifact = JsonSerializer.Deserialize<PromptArtifact>(input, Json);
            return artifact is { Format: Current } && artifact.Rows.All(r => r is { Length: 2 })
                ? artifact
                : throw new InvalidDataException($"A stored prompt has the format {artifact?.Format}; this release reads {Current}. Land the app again.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException("A stored prompt is damaged. Land the app again.", error);
        }
    }
}
