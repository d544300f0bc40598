using Landfall.Platform.Briefs;
using Landfall.Platform.Datasets;
using Landfall.Platform.Evaluation.Judging;
using Landfall.Platform.Runs;
using Landfall.Platform.Storage;

namespace Landfall.Platform.Landings;

/// <summary>Opens a brief's judges and holds them against human labels before anything is measured.</summary>
public sealed class LandingJudges(AnswerJudges judges, IRowReader rows, BlobStore blobs)
{
    public async Task<JudgedBrief> PrepareAsync(RunContext run, Brief brief, BriefSourceFiles files, CancellationToken cancellation)
    {
        var panels = judges.Open(brief);
        var measured = new List<BriefJudge>();
        foreach (var judge in brief.Judges)
        {
            if (judge.Calibration is not { } path)
            {
                measured.Add(judge);
                continue;
            }

            var labelled = await ReadAsync(path, files, cancellation).ConfigureAwait(false);
            var evidence = await run.StepAsync(
                $"calibrate/{judge.Name}",
                async token =>
                {
                    run.Log($"The judge '{judge.Name}' judges {labelled.Count} answers that humans have labelled.");
                    return await judges.CalibrateAsync(panels[judge.Name], labelled, token).ConfigureAwait(false);
                },
                cancellation).ConfigureAwait(false);
            measured.Add(judge with { Evidence = evidence });
        }

        return new JudgedBrief(
            brief with { Judges = measured },
            measured.ToDictionary(judge => judge.Name, judge => new JudgePanel(judge, panels[judge.Name].Members), StringComparer.Ordinal));
    }

    private async Task<List<Row>> ReadAsync(string path, BriefSourceFiles files, CancellationToken cancellation)
    {
        var read = new List<Row>();
        var content = blobs.Open(files.HashOf(path));
        await using (content.ConfigureAwait(false))
        {
            await foreach (var row in rows.ReadAsync(content, path, cancellation).ConfigureAwait(false))
            {
                read.Add(row);
            }
        }

        return read;
    }
}
