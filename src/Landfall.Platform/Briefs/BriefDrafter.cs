using System.Globalization;
using System.Text;
using Landfall.Platform.Datasets;
using Landfall.Platform.Storage;
using Landfall.Protocol.Briefs;

namespace Landfall.Platform.Briefs;

/// <summary>Drafts a brief from files of rows, and says what it assumed.</summary>
public sealed class BriefDrafter(IMetricCatalogue metrics, ITechniqueCatalogue techniques, IRowReader rows, BlobStore blobs, TextNormalization normalize)
{
    public const string TrainPath = "data/train.jsonl";
    public const string ValidationPath = "data/validation.jsonl";
    public const string TestPath = "data/test.jsonl";

    /// <summary>Fewer distinct rows leave no test set that could prove anything.</summary>
    private const int LeastRows = 25;

    private const double TestShare = 0.2;

    /// <summary>More test rows than this prove little more and are missed in train.</summary>
    private const double MostTestRows = 10_000;

    /// <summary>Conversations are the task when at least this share of the rows has messages before the text.</summary>
    private const double MultiTurnShare = 0.2;

    /// <summary>Reads the files four times, streaming; of the first pass only the beginning.</summary>
    /// <exception cref="DataFormatException">A file is no rows, or they are too few, or all alike.</exception>
    public async Task<BriefDraft> DraftAsync(BriefDraftRequest request, CancellationToken cancellation)
    {
        var files = DraftFiles.Of(request with { FileName = FileNameOf(request.FileName), MoreFiles = [.. request.MoreFiles.Select(f => f with { FileName = FileNameOf(f.FileName) })] });
        var name = request.Name is { } given ? FileNameOf(given) : files.All.First().FileName;
        var columns = DraftColumns.Find(await DraftRows.SampleAsync(files.Train[0], rows, blobs, cancellation).ConfigureAwait(false), files.Train[0].FileName);
        var source = new DraftRows(files, columns, rows, blobs, normalize);
        var profile = new DraftProfile();
        await foreach (var row in source.ReadAsync(files.Train, cancellation).ConfigureAwait(false))
        {
            profile.Add(row.Row, row.Text, columns.Group is null ? null : row.Unit);
        }

        CheckUsable(profile, name);
        var share = Math.Min(TestShare, MostTestRows / profile.Rows);
        var split = await DraftSplit.WriteAsync(source, profile, share, blobs, cancellation).ConfigureAwait(false);
        if (split.TestRows == 0 || split.TrainRows == 0)
        {
            throw new DataFormatException(name, 0, "its rows have the same few texts, so that no test rows can be split off. Add rows with different texts.");
        }

        var targets = DraftTargets.Choose(profile, split, metrics, Math.Max(1, techniques.Names.Count));
        var assumptions = Assumptions(name, files, columns, profile, split, targets);
        var written = new Dictionary<string, FileReference>(StringComparer.Ordinal) { [TrainPath] = split.Train, [TestPath] = split.Test };
        if (split.Validation is not null)
        {
            written[ValidationPath] = split.Validation;
        }

        return new BriefDraft(Compose(name, files, profile, split, targets, assumptions), assumptions, written);
    }

    private static void CheckUsable(DraftProfile profile, string name)
    {
        if (profile.Rows < LeastRows)
        {
            throw new DataFormatException(name, 0, $"it holds {Shown.Count(profile.Rows)} rows; at least {LeastRows} are needed to split off a test set that can prove anything. Add rows.");
        }

        if (profile is { IsLabel: true, Labels: 1 })
        {
            throw new DataFormatException(name, 0, "every row has the same answer, so there is nothing to tell apart. Add rows with other labels.");
        }
    }

    private static string Compose(
        string name, DraftFiles files, DraftProfile profile, DraftSplit split, IReadOnlyList<DraftTarget> targets, IReadOnlyList<string> assumptions)
    {
        var text = new StringBuilder();
        void Line(string line) => text.Append(line).Append('\n');
        Line($"# Drafted from {Quoted(files.All.Count() == 1 ? files.All.First().FileName : name)}. Read it, and correct what is wrong: the targets are what counts. What was assumed:");
        foreach (var assumption in assumptions)
        {
            Line($"#   {Comment(assumption)}");
        }

        Line($"app: {Quoted(AppNameOf(name))}");
        Line($"scenario: {Quoted(Scenario(profile))}");
        Line($"interaction: {(IsMultiTurn(profile) ? "multi-turn" : "single-turn")}");
        Line("output:");
        Line($"  kind: {BriefKeys.WordOf(profile.Output)}");
        if (profile.Output == OutputKind.Json)
        {
            Line("  schema: { }            # any JSON; write the answer's JSON schema here");
        }

        if (profile.OutOfScopeLabel is { } label)
        {
            Line("scope:");
            Line("  out:");
            Line($"    label: {Quoted(label)}");
        }

        Line("data:");
        Line($"  train: {TrainPath}       # {Shown.Count(split.TrainRows)} rows");
        if (split.Validation is not null)
        {
            Line($"  validation: {ValidationPath}");
        }

        Line($"  test: {TestPath}         # {Shown.Count(split.TestRows)} rows that are never learnt from");
        Line("targets:");
        foreach (var target in targets)
        {
            Line($"  # {Comment(target.Reason)}");
            Line($"  - {{ metric: {target.Metric}, at-least: {target.Bound.ToString("0.00", CultureInfo.InvariantCulture)}, confidence: {Shown.Number(BriefKeys.DefaultConfidence)} }}");
        }

        Line("techniques: auto");
        return text.ToString();
    }

    private static bool IsMultiTurn(DraftProfile profile) => profile.Conversations >= MultiTurnShare * profile.Rows;

    /// <summary>Text within a YAML comment: printable, on one line.</summary>
    private static string Comment(string text) =>
        string.Concat(WellFormed.Mend(text).Select(c => c is (>= ' ' and <= '~') || char.IsLetterOrDigit(c) || char.IsPunctuation(c) ? c : ' '));

    private static string Scenario(DraftProfile profile) => profile.Output switch
    {
        OutputKind.Text when IsMultiTurn(profile) => "Users talk with the app; it answers each message in text, knowing what was said before.",
        OutputKind.Label => $"Users write one message; the app names which of {Shown.Count(profile.Labels)} labels it has.",
        OutputKind.Json => "Users write one message; the app answers with JSON.",
        _ => "Users write one message; the app answers in text.",
    };

    private static List<string> Assumptions(
        string name, DraftFiles files, DraftColumns columns, DraftProfile profile, DraftSplit split, IReadOnlyList<DraftTarget> targets)
    {
        var assumptions = new List<string>
        {
            $"The app is called '{AppNameOf(name)}', after the {(files.All.Any(f => f.FileName == name) ? "file" : "folder")}.",
            profile.Output switch
            {
                OutputKind.Label => $"The answers are labels: {Shown.Count(profile.Rows)} rows have only {Shown.Count(profile.Labels)} different short answers.",
                OutputKind.Json => $"The answers are JSON: all {Shown.Count(profile.Rows)} parse as an object or a list.",
                _ => $"The answers are free text: {Shown.Count(profile.Rows)} rows have too many different or too long answers for labels.",
            },
        };
        assumptions.AddRange(columns.Reasons);
        assumptions.Add(SplitReason(files, profile, split));
        if (split.Dropped > 0)
        {
            assumptions.Add($"{Shown.Count(split.Dropped)} rows are left out, because a test row has the same text{(files.Test.Count == 0 && !profile.IsGrouped ? " with another label" : "")}.");
        }

        assumptions.Add(IsMultiTurn(profile)
            ? $"The interaction is multi-turn: {Shown.Count(profile.Conversations)} rows have messages before the last one."
            : "The interaction is single-turn.");
        if (profile.Languages is { Count: > 0 } languages)
        {
            assumptions.Add($"The messages are in {string.Join(", ", languages.Select(l => $"{l.Language} ({Shown.Percent(Math.Round(l.Share, 2))})"))}, by script and common words.");
        }

        if (profile.OutOfScopeLabel is { } label)
        {
            assumptions.Add($"The label {Shown.Text(label)} marks messages that are out of scope.");
        }

        if (profile.Pairs > 0)
        {
            assumptions.Add($"{Shown.Count(profile.Pairs)} rows are preference pairs: the chosen answer is the expected one, the other stays in the field 'rejected'.");
        }

        assumptions.AddRange(targets.Select(t => "Target " + t.Reason));
        return assumptions;
    }

    private static string SplitReason(DraftFiles files, DraftProfile profile, DraftSplit split)
    {
        if (files.Test.Count > 0)
        {
            return $"The {Shown.Count(split.TestRows)} rows of {Shown.Names([.. files.Test.Select(f => f.FileName)])} are the test, by the name; {Shown.Count(split.TrainRows)} are for training.";
        }

        var how = profile.IsGrouped ? "by whole groups, chosen by a hash" : $"the same share of each {(profile.IsLabel ? "label" : "part")} and chosen by a hash of the text";
        return $"{Shown.Count(split.TestRows)} rows are kept for the test, {how}, and {Shown.Count(split.TrainRows)} are for training.";
    }

    private static string AppNameOf(string fileName)
    {
        var name = AppNames.From(fileName.Split('.')[0]);
        return name.Length > 0 ? name : "app";
    }

    private static string FileNameOf(string path) =>
        WellFormed.Mend(path).Split('/', '\\').LastOrDefault(s => s.Length > 0) is { } name ? string.Concat(name.Select(c => char.IsControl(c) ? ' ' : c)) : "data";

    /// <summary>A YAML text in double quotes.</summary>
    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in WellFormed.Mend(text))
        {
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                '\uFEFF' or '\uFFFD' or '\u2028' or '\u2029' or '\u0085' => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
                _ when char.IsControl(c) => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }
}
