using System.Globalization;
using Landfall.Platform.Runs;
using Landfall.Protocol.Errors;

namespace Landfall.Platform.Candidates.Techniques.Prompting;

/// <summary>What a brief sets for <c>prompt</c>.</summary>
/// <param name="Endpoint">The endpoint's name; null: the default.</param>
/// <param name="Prompt">A prompt of the registry, as <c>name@label</c>.</param>
/// <param name="Instruction">Or the instruction itself.</param>
/// <param name="Examples">How many examples go with each question; null: searched for.</param>
/// <param name="Searches">Whether instructions and example counts are searched for.</param>
internal sealed record PromptSettings(string? Endpoint, string? Prompt, string? Instruction, int? Examples, bool Searches)
{
    public const int MostExamples = 64;

    public static IReadOnlyDictionary<string, string> Help { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["endpoint"] = "the endpoint to ask; the default one when left out",
        ["prompt"] = "a prompt of the registry, as name@label",
        ["instruction"] = "the instruction, written here; variables as {{labels}}",
        ["examples"] = "how many of the nearest training rows go with each question, 0 to 64; chosen on validation data by default",
        ["search"] = "auto (the default): try instructions and example counts on validation data; none: the first instruction, with the examples set (0)",
    };

    /// <exception cref="RunFailedException">A setting is none.</exception>
    public static PromptSettings Read(IReadOnlyDictionary<string, string> settings)
    {
        int? examples = null;
        if (settings.TryGetValue("examples", out var text))
        {
            examples = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= MostExamples
                ? count
                : throw new RunFailedException($"The setting examples is '{text}'. Write a whole number from 0 to {MostExamples}.", ErrorCodes.BriefInvalid);
        }

        var search = settings.GetValueOrDefault("search", "auto");
        if (search is not ("auto" or "none"))
        {
            throw new RunFailedException($"The setting search is '{search}'. Write auto or none.", ErrorCodes.BriefInvalid);
        }

        var read = new PromptSettings(
            settings.GetValueOrDefault("endpoint"), settings.GetValueOrDefault("prompt"), settings.GetValueOrDefault("instruction"), examples, search == "auto");
        return read is { Prompt: not null, Instruction: not null }
            ? throw new RunFailedException("The settings prompt and instruction are both given. Keep one of them.", ErrorCodes.BriefInvalid)
            : read;
    }
}
