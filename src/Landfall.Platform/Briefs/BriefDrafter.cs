using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Landfall.Platform.Datasets;
using Landfall.Platform.Storage;
using Landfall.Protocol.Briefs;

namespace Landfall.Platform.Briefs;

/// <summary>Drafts a brief from one file of rows, and says what it assumed.</summary>
public sealed class BriefDrafter(IMetricCatalogue metrics, ITechniqueCatalogue techniques, IRowReader rows, BlobStore blobs, TextNormalization normalize)
{
    public const string TrainPath = "data/train.jsonl";
    public const string TestPath = "data/test.jsonl";

    /// <summary>Fewer distinct rows leave no test set that could prove anything.</summary>
    private const int LeastRows = 25;

    private const double TestShare = 0.2;

    /// <summary>More test rows than this prove little more and are missed in train.</summary>
    private const double MostTestRows = 10_000;

    /// <summary>Seeds the split: the text's fingerprint is taken with it, so that it has nothing to do with the text's own order.</summary>
    private const string Seed = "landfall-draft-split-1\n";

    /// <summary>Reads the file three times, streaming.</summary>
    /// <exception cref="DataFormatException">The file is no rows, or too few, or all alike.</exception>
    public async Task<BriefDraft> DraftAsync(BriefDraftRequest request, CancellationToken cancellation)
    {
        var name = FileNameOf(request.FileName);
        var profile = new DraftProfile();
        await foreach (var (row, text) in ReadAsync(request, name, cancellation).ConfigureAwait(false))
        {
            profile.Add(row, text);
        }

        CheckUsable(profile, name);
        var share = Math.Min(TestShare, MostTestRows / profile.Rows);
        var split = await DraftSplit.WriteAsync(() => ReadAsync(request, name, cancellation), profile, share, blobs, cancellation).ConfigureAwait(false);
        if (split.TestRows == 0 || split.TrainRows == 0)
        {
            throw new DataFormatException(name, 0, "its rows have the same few texts, so that no test rows can be split off. Add rows with different texts.");
        }

        var targets = DraftTargets.Choose(profile, split, metrics, Math.Max(1, techniques.Names.Count));
        return new BriefDraft(
            Compose(name, profile, targets),
            Assumptions(name, profile, split, targets),
            new Dictionary<string, FileReference>(StringComparer.Ordinal) { [TrainPath] = split.Train, [TestPath] = split.Test });
    }

    private async IAsyncEnumerable<(Row Row, ulong Text)> ReadAsync(BriefDraftRequest request, string name, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var content = blobs.Open(request.Sha256);
        await using (content.ConfigureAwait(false))
        {
            await foreach (var row in rows.ReadAsync(content, name, cancellation).ConfigureAwait(false))
            {
                yield return (row, TextFingerprint.Of(Seed + normalize(row.Text)));
            }
        }
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

    private static string Compose(string name, DraftProfile profile, IReadOnlyList<DraftTarget> targets)
    {
        var text = new StringBuilder();
        void Line(string line) => text.Append(line).Append('\n');
        Line($"# Drafted from {Quoted(name)}. Read it, and correct what is wrong: the targets are what counts.");
        Line($"app: {Quoted(AppNameOf(name))}");
        Line($"scenario: {Quoted(Scenario(profile))}");
        Line("interaction: single-turn");
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
        Line($"  train: {TrainPath}");
        Line($"  test: {TestPath}");
        Line("targets:");
        foreach (var target in targets)
        {
            Line($"  - {{ metric: {target.Metric}, at-least: {target.Bound.ToString("0.00", CultureInfo.InvariantCulture)}, confidence: {Shown.Number(BriefKeys.DefaultConfidence)} }}");
        }

        Line("techniques: auto");
        return text.ToString();
    }

    private static string Scenario(DraftProfile profile) => profile.Output switch
    {
        OutputKind.Label => $"Users write one message; the app names which of {Shown.Count(profile.Labels)} labels it has.",
        OutputKind.Json => "Users write one message; the app answers with JSON.",
        _ => "Users write one message; the app answers in text.",
    };

    private static List<string> Assumptions(string name, DraftProfile profile, DraftSplit split, IReadOnlyList<DraftTarget> targets)
    {
        var assumptions = new List<string>
        {
            $"The app is called '{AppNameOf(name)}', after the file.",
            profile.Output switch
            {
                OutputKind.Label => $"The answers are labels: {Shown.Count(profile.Rows)} rows have only {Shown.Count(profile.Labels)} different short answers.",
                OutputKind.Json => $"The answers are JSON: all {Shown.Count(profile.Rows)} parse as an object or a list.",
                _ => $"The answers are free text: {Shown.Count(profile.Rows)} rows have too many different or too long answers for labels.",
            },
            $"{Shown.Count(split.TestRows)} rows are kept for the test, the same share of each {(profile.IsLabel ? "label" : "part")} and chosen by a hash of the text, and {Shown.Count(split.TrainRows)} are for training; the interaction is single-turn.",
        };
        if (split.Dropped > 0)
        {
            assumptions.Add($"{Shown.Count(split.Dropped)} rows are left out, because a test row has the same text with another label.");
        }

        if (profile.OutOfScopeLabel is { } label)
        {
            assumptions.Add($"The label {Shown.Text(label)} marks messages that are out of scope.");
        }

        assumptions.AddRange(targets.Select(t => "Target " + t.Reason));
        return assumptions;
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
