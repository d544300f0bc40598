using System.Globalization;
using Landfall.Platform.Runs;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Training;

namespace Landfall.Platform.Candidates.Techniques.Tuning;

/// <summary>What a brief sets for a tuning technique.</summary>
/// <param name="Base">The base's name; null: the default.</param>
/// <param name="HasClassifier">With labels: whether there is a classification head.</param>
/// <param name="Device">Where it trains.</param>
/// <param name="Training">What the worker is told.</param>
internal sealed record TunedSettings(string? Base, bool HasClassifier, TrainingDevice Device, TuningSettings Training)
{
    /// <exception cref="RunFailedException">A setting is none.</exception>
    public static TunedSettings Read(IReadOnlyDictionary<string, string> settings)
    {
        _ = ClassifierSettings.Threshold(settings);
        return new TunedSettings(
            settings.GetValueOrDefault("base"),
            Choice(settings, "head", ("classifier", true), ("text", false)) ?? true,
            Choice(settings, "device", ("auto", TrainingDevice.Auto), ("cpu", TrainingDevice.Cpu), ("cuda", TrainingDevice.Cuda)) ?? TrainingDevice.Auto,
            new TuningSettings
            {
                Rank = Whole(settings, "rank", 1, 4096),
                Alpha = Number(settings, "alpha", double.Epsilon, 1e6),
                Dropout = Number(settings, "dropout", 0, 0.9),
                TargetModules = settings.TryGetValue("target-modules", out var modules) ? modules.Split([',', '+', ' '], StringSplitOptions.RemoveEmptyEntries) : null,
                RankStabilised = Choice(settings, "rs-lora", ("true", true), ("false", false)),
                VirtualTokens = Whole(settings, "virtual-tokens", 1, 4096),
                Epochs = Number(settings, "epochs", 0.001, 10_000),
                LearningRate = Number(settings, "learning-rate", double.Epsilon, 100),
                BatchTokens = Whole(settings, "batch-tokens", 16, 1 << 20),
                MaxLength = Whole(settings, "max-length", 2, 1 << 20),
                Precision = Choice(settings, "precision", ("f32", TrainingPrecision.F32), ("bf16", TrainingPrecision.Bf16)),
            });
    }

    private static int? Whole(IReadOnlyDictionary<string, string> settings, string name, int least, int most) =>
        !settings.TryGetValue(name, out var text) ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value
        : throw Wrong(name, text, $"a whole number from {least} to {most}");

    private static double? Number(IReadOnlyDictionary<string, string> settings, string name, double least, double most) =>
        !settings.TryGetValue(name, out var text) ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value
        : throw Wrong(name, text, string.Create(CultureInfo.InvariantCulture, $"a number {(least is double.Epsilon ? "above 0" : $"from {least}")} {(least is double.Epsilon ? "and at most" : "to")} {most}"));

    private static T? Choice<T>(IReadOnlyDictionary<string, string> settings, string name, params (string Text, T Value)[] choices)
        where T : struct =>
        !settings.TryGetValue(name, out var text) ? null
        : Array.Find(choices, c => c.Text == text) is { Text: not null } found ? found.Value
        : throw Wrong(name, text, string.Join(" or ", choices.Select(c => c.Text)));

    private static RunFailedException Wrong(string name, string text, string wanted) => new($"The setting {name} is '{text}'. Write {wanted}.", ErrorCodes.BriefInvalid);
}
