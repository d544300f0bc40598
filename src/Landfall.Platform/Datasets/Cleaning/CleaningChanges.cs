using System.Collections.Concurrent;
using System.Text.Json;
using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Landfall.Protocol.Datasets;

namespace Landfall.Platform.Datasets.Cleaning;

/// <summary>Writes and reads the changes that steps propose: a blob per step, a line of JSON per change.</summary>
public sealed class CleaningChanges(BlobStore blobs)
{
    private const int MostKept = 8;
    private readonly ConcurrentDictionary<string, IReadOnlyList<CleaningChange>> _read = new(StringComparer.Ordinal);

    /// <summary>Writes a step's findings.</summary>
    public async Task<CleaningPart> WriteAsync(string step, IReadOnlyList<Row> rows, CleaningFindings found, CancellationToken cancellation)
    {
        var hash = await blobs.WriteAsync(
            async stream =>
            {
                foreach (var finding in found.Findings)
                {
                    await JsonSerializer.SerializeAsync(stream, ToChange(step, rows[finding.Row], finding), RunJson.Options, cancellation).ConfigureAwait(false);
                    await stream.WriteAsync("\n"u8.ToArray(), cancellation).ConfigureAwait(false);
                }
            },
            cancellation).ConfigureAwait(false);
        return new CleaningPart(step, hash, found.Findings.Count, found.Note);
    }

    /// <summary>All changes of a proposal, numbered, without verdicts.</summary>
    public async Task<IReadOnlyList<CleaningChange>> ReadAsync(CleaningEntity proposal, CancellationToken cancellation)
    {
        if (_read.TryGetValue(proposal.Id, out var known))
        {
            return known;
        }

        var changes = new List<CleaningChange>();
        foreach (var part in CleaningStore.PartsOf(proposal))
        {
            using var reader = new StreamReader(blobs.Open(part.Sha256));
            while (await reader.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
            {
                changes.Add(JsonSerializer.Deserialize<CleaningChange>(line, RunJson.Options)! with { Number = changes.Count + 1 });
            }
        }

        if (_read.Count >= MostKept)
        {
            _read.Clear();
        }

        return _read[proposal.Id] = changes;
    }

    /// <summary>The changes with what was decided on each.</summary>
    public static IEnumerable<CleaningChange> WithVerdicts(IReadOnlyList<CleaningChange> changes, IReadOnlyList<CleaningDecisionEntity> decisions)
    {
        foreach (var change in changes)
        {
            var last = decisions.LastOrDefault(d => Covers(d, change));
            yield return last is null ? change : change with { Verdict = Enum.Parse<CleaningVerdict>(last.Verdict, ignoreCase: true), By = last.By };
        }
    }

    private static bool Covers(CleaningDecisionEntity decision, CleaningChange change) =>
        (decision.Change is null || decision.Change == change.Number)
        && (decision.Step is null || decision.Step == change.Step)
        && (decision.MinConfidence is null || change.Confidence >= decision.MinConfidence);

    private static CleaningChange ToChange(string step, Row row, Finding finding) => new()
    {
        Number = 0,
        Step = step,
        Row = finding.Row,
        RowId = row.Id,
        Action = finding.Action,
        Field = finding.Field,
        Text = row.Text,
        Expected = row.Expected,
        Before = finding.Before,
        After = finding.After,
        Reason = finding.Reason,
        Confidence = Math.Round(Math.Clamp(finding.Confidence, 0, 1), 4),
        RelatedText = finding.RelatedText,
    };
}
