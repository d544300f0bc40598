using Landfall.Protocol.Datasets;

namespace Landfall.Console.Cleaning;

/// <summary>Keys of the texts for steps and verdicts.</summary>
public static class CleaningTexts
{
    /// <summary>The name of a step.</summary>
    public static string Step(string step) => step switch
    {
        "encoding" => "Step_Encoding",
        "duplicates" => "Step_Duplicates",
        "contamination" => "Step_Contamination",
        "pii" => "Step_Pii",
        "language" => "Step_Language",
        "length" => "Step_Length",
        "labels" => "Step_Labels",
        _ => step,
    };

    /// <summary>The name of a verdict.</summary>
    public static string Verdict(CleaningVerdict verdict) => verdict switch
    {
        CleaningVerdict.Accepted => "Cleaning_Accepted",
        CleaningVerdict.Rejected => "Cleaning_Rejected",
        _ => "Cleaning_Open",
    };

    /// <summary>A verdict in style sheets and tests.</summary>
    public static string Key(CleaningVerdict verdict) => verdict.ToString().ToLowerInvariant();
}
