using System.Globalization;
using Landfall.Platform.Datasets;
using Landfall.Platform.Runs;
using Landfall.Protocol.Errors;
using Landfall.Retrieval.Classification;

namespace Landfall.Platform.Candidates.Techniques;

/// <summary>What the classifiers of <c>Landfall.Retrieval</c> take, read from a brief.</summary>
internal static class ClassifierSettings
{
    public const string ThresholdHelp = "out of scope from this probability on: auto (chosen on validation data), none, or a number from 0 to 1";

    public static IReadOnlyList<LabelledText> Rows(IReadOnlyList<Row> rows) => [.. rows.Select(r => new LabelledText(r.Text, r.Expected))];

    /// <summary>The brief's out-of-scope label, where training rows carry it.</summary>
    public static string? OutOfScopeLabel(TrainingInput input) =>
        input.Brief.Scope?.Out?.Label is { } label && input.Train.Any(r => r.Expected == label) ? label : null;

    public static ThresholdRule Threshold(IReadOnlyDictionary<string, string> settings)
    {
        if (!settings.TryGetValue("threshold", out var text))
        {
            return ThresholdRule.Auto;
        }

        return ThresholdRule.TryParse(text, out var rule)
            ? rule
            : throw new RunFailedException($"The setting threshold is '{text}'. Write {ThresholdHelp}.", ErrorCodes.BriefInvalid);
    }

    public static double? Number(IReadOnlyDictionary<string, string> settings, string name)
    {
        if (!settings.TryGetValue(name, out var text))
        {
            return null;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new RunFailedException($"The setting {name} is '{text}'. Write a number above 0.", ErrorCodes.BriefInvalid);
    }

    /// <summary>A refusal of the classifier is the data's, or the brief's, and is shown as it is.</summary>
    public static T Explain<T>(Func<T> train)
    {
        try
        {
            return train();
        }
        catch (ArgumentException refusal)
        {
            throw new RunFailedException(refusal.Message, ErrorCodes.DataInvalid);
        }
    }
}
