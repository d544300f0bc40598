using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Landfall.Commands.Land;

/// <summary>The options of <c>land</c>.</summary>
internal sealed partial class LandOptions
{
    public Argument<string> Path { get; } = new("folder-or-file")
    {
        Description = "The app's folder (with a brief.yaml), a brief, or data to draft a brief from: a file (.csv, .jsonl, .json, .xlsx, .parquet) or a folder of them",
    };

    public Option<bool> NoServe { get; } = new("--no-serve") { Description = "End after the report instead of serving the release" };

    public Option<bool> Plan { get; } = new("--plan") { Description = "Predict time and memory per technique; run nothing" };

    public Option<string[]> Techniques { get; } = new("--technique")
    {
        Description = "Only this technique (may be given several times)",
        HelpName = "name",
        DefaultValueFactory = _ => [],
    };

    public Option<TimeSpan?> Budget { get; } = new("--budget")
    {
        Description = "Time budget in place of the brief's, such as 90s, 10m or 1h30m",
        HelpName = "time",
        CustomParser = ParseBudget,
    };

    public Option<bool> RequireMet { get; } = new("--require-met") { Description = "Exit with 3 when no release meets every target (9 when the regression gate holds it back)" };

    public Option<bool> AllowRegression { get; } = new("--allow-regression") { Description = "Replace a live release even by a worse one" };

    public Option<bool> TakeOver { get; } = new("--take-over") { Description = "Take the app's name over from another folder" };

    public Option<string?> Out { get; } = new("--out") { Description = "Folder of the report files (default: the app's folder)", HelpName = "folder" };

    public Option<bool> Edit { get; } = new("--edit") { Description = "Edit a drafted brief in $VISUAL or $EDITOR before it is landed" };

    public Option<bool> Yes { get; } = new("--yes", "-y") { Description = "Land a drafted brief as it is, without asking" };

    public IEnumerable<Option> All => [Edit, Yes, NoServe, Plan, Techniques, Budget, RequireMet, AllowRegression, TakeOver, Out];

    /// <summary>A duration such as <c>90s</c>, <c>10m</c>, <c>1h30m</c> or <c>1.5h</c>; null when it is none.</summary>
    public static TimeSpan? TryParse(string text)
    {
        var match = Duration().Match(text);
        if (!match.Success || text.Length == 0)
        {
            return null;
        }

        var seconds = (3600 * Number("h")) + (60 * Number("m")) + Number("s");
        return seconds is > 0 and <= 31_622_400 ? TimeSpan.FromSeconds(seconds) : null;

        double Number(string unit) => match.Groups[unit] is { Success: true } group ? double.Parse(group.Value, CultureInfo.InvariantCulture) : 0;
    }

    private static TimeSpan? ParseBudget(ArgumentResult argument)
    {
        var text = argument.Tokens.Count == 0 ? "" : argument.Tokens[0].Value;
        var budget = TryParse(text);
        if (budget is null)
        {
            argument.AddError($"--budget {text}: a time such as 90s, 10m or 1h30m is expected, more than nothing and at most a year.");
        }

        return budget;
    }

    [GeneratedRegex(@"^(?:(?<h>\d{1,9}(?:\.\d{1,9})?)h)?(?:(?<m>\d{1,9}(?:\.\d{1,9})?)m)?(?:(?<s>\d{1,9}(?:\.\d{1,9})?)s)?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Duration();
}
