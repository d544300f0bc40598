using System.Text.Json;
using Landfall.Platform.Datasets;
using Landfall.Platform.Evaluation.Json;
using Landfall.Platform.Storage;
using Landfall.Protocol.Briefs;

namespace Landfall.Platform.Briefs;

/// <summary>A checked brief.</summary>
/// <param name="Brief">The brief with its schema, or null when there are errors.</param>
/// <param name="Response">All problems, and the files that the brief names.</param>
public sealed record CheckedBrief(Brief? Brief, BriefCheckResponse Response);

/// <summary>Checks a brief's text, its targets and techniques, and the data it names.</summary>
public sealed class BriefChecker(IMetricCatalogue metrics, ITechniqueCatalogue techniques, IRowReader rows, BlobStore blobs, TextNormalization normalize)
{
    private const int LargestSchema = 1 << 20;

    /// <summary>All problems at once. Files that the source does not list yet raise none.</summary>
    public async Task<BriefCheckResponse> CheckAsync(BriefSource source, CancellationToken cancellation) =>
        (await InspectAsync(source, cancellation).ConfigureAwait(false)).Response;

    /// <summary>The same, with the brief.</summary>
    public async Task<CheckedBrief> InspectAsync(BriefSource source, CancellationToken cancellation)
    {
        var findings = new BriefFindings(BriefParser.Parse(source.Text));
        var known = new BriefMetrics(metrics, findings.Parts);
        TargetRules.Check(findings, known);
        JudgeRules.Check(findings, known);
        TechniqueRules.Check(findings, techniques);
        SearchRules.Check(findings, known, techniques);
        CheckKnowledge(findings);
        var schema = await ReadSchemaAsync(source, findings, cancellation).ConfigureAwait(false);
        CheckSchema(schema ?? findings.Parts.InlineSchema, findings);
        await CheckDataAsync(source, findings, known, cancellation).ConfigureAwait(false);
        var rubrics = await ReadJudgeFilesAsync(source, findings, cancellation).ConfigureAwait(false);

        var brief = findings.HasErrors ? null : findings.Parsed.Brief;
        brief = brief is null ? null : brief with { Judges = [.. brief.Judges.Select(judge => rubrics.TryGetValue(judge.Name, out var rubric) ? judge with { Rubric = rubric } : judge)] };
        return new CheckedBrief(
            brief is null || schema is null ? brief : brief with { OutputSchema = schema },
            new BriefCheckResponse(findings.Problems, findings.Parts.Paths, findings.Parts.App));
    }

    /// <summary>What <c>json-validity</c> cannot check is said now, not after training.</summary>
    private static void CheckSchema(string? schema, BriefFindings findings)
    {
        try
        {
            _ = schema is null ? null : JsonSchema.Parse(schema);
        }
        catch (JsonSchemaException e)
        {
            findings.Error("schema-invalid", "output.schema", $"{e.Message} Correct it, or leave it out.");
        }
    }

    private static void CheckKnowledge(BriefFindings findings)
    {
        if (findings.Parts is { Interaction: Interaction.DocumentQa, Knowledge: null })
        {
            findings.Warn("no-knowledge", "interaction", "The interaction is document-qa, and data.knowledge names no documents. Name the file that holds them.");
        }
    }

    /// <summary>The schema's text when it is a file of its own.</summary>
    private async Task<string?> ReadSchemaAsync(BriefSource source, BriefFindings findings, CancellationToken cancellation)
    {
        const string field = "output.schema";
        var parts = findings.Parts;
        if (parts is { Output: OutputKind.Json, SchemaPath: null, InlineSchema: null } && !findings.Parsed.Positions.ContainsKey(field))
        {
            findings.Warn("no-schema", "output", "The output is json without a schema: any JSON counts as valid. Add output.schema, as a mapping or as the path of a .json file.");
        }

        if (DataFiles.HashOf(parts.SchemaPath, field, source, blobs, findings) is not { } hash)
        {
            return null;
        }

        if (blobs.Size(hash) > LargestSchema)
        {
            findings.Error("schema-invalid", field, $"{Shown.Text(parts.SchemaPath!)} is larger than 1 MB. Write a smaller schema.");
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(await blobs.ReadAllBytesAsync(hash, cancellation).ConfigureAwait(false));
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document.RootElement.GetRawText();
            }

            findings.Error("schema-invalid", field, $"{Shown.Text(parts.SchemaPath!)} holds JSON, but no object. A JSON schema is an object, such as {{\"type\": \"object\"}}.");
        }
        catch (JsonException e)
        {
            findings.Error("schema-invalid", field, $"{Shown.Text(parts.SchemaPath!)}, line {(e.LineNumber ?? 0) + 1}: this is not valid JSON. Correct it there.");
        }

        return null;
    }

    /// <summary>The rubrics that are files of their own, by the judge's name.</summary>
    private async Task<Dictionary<string, string>> ReadJudgeFilesAsync(BriefSource source, BriefFindings findings, CancellationToken cancellation)
    {
        var rubrics = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var judge in findings.Parts.Judges)
        {
            if (await JudgeRules.ReadRubricAsync(judge, source, blobs, findings, cancellation).ConfigureAwait(false) is { } rubric && judge.Name is { } name)
            {
                rubrics[name] = rubric;
            }

            await JudgeRules.CheckCalibrationAsync(judge, source, blobs, rows, findings, cancellation).ConfigureAwait(false);
        }

        return rubrics;
    }

    private async Task CheckDataAsync(BriefSource source, BriefFindings findings, IMetricCatalogue known, CancellationToken cancellation)
    {
        var parts = findings.Parts;
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (field, path) in new[] { ("data.train", parts.Train), ("data.validation", parts.Validation), ("data.test", parts.Test), ("data.knowledge", parts.Knowledge) })
        {
            if (DataFiles.HashOf(path, field, source, blobs, findings) is { } hash)
            {
                hashes[field] = hash;
            }
        }

        DataFiles.CheckShared(hashes, findings);

        // Test is read first: copies of its rows are looked for in the others.
        var testTexts = new HashSet<ulong>();
        var test = await ScanAsync("data.test", parts.Test, hashes, findings, known, testTexts, isTest: true, cancellation).ConfigureAwait(false);
        var shared = findings.Problems.Any(p => p.Code == "same-file");
        var train = await ScanAsync("data.train", parts.Train, hashes, findings, known, shared ? [] : testTexts, isTest: false, cancellation).ConfigureAwait(false);
        var validation = await ScanAsync("data.validation", parts.Validation, hashes, findings, known, shared ? [] : testTexts, isTest: false, cancellation).ConfigureAwait(false);
        DataRules.Check(train, validation, test, findings, known, TechniqueRules.Compared(parts, techniques));
    }

    private async Task<DataScan?> ScanAsync(
        string field, string? path, Dictionary<string, string> hashes, BriefFindings findings, IMetricCatalogue known, HashSet<ulong> testTexts, bool isTest, CancellationToken cancellation)
    {
        if (path is null || !hashes.TryGetValue(field, out var hash))
        {
            return null;
        }

        var scan = new DataScan { Path = path };
        var outOfScope = findings.Parts.OutOfScope?.Label;
        var countLabels = findings.Parts.Output == OutputKind.Label;
        var targets = isTest ? Measured(findings.Parts.Targets, known) : [];
        try
        {
            var content = blobs.Open(hash);
            await using (content.ConfigureAwait(false))
            {
                await foreach (var row in rows.ReadAsync(content, path, cancellation).ConfigureAwait(false))
                {
                    scan.Add(row, outOfScope, countLabels);
                    CompareTexts(row, scan, testTexts, isTest);
                    foreach (var (target, measured) in targets)
                    {
                        scan.Count(target, measured, row, outOfScope);
                    }
                }
            }

            return scan;
        }
        catch (DataFormatException e)
        {
            findings.Error("data-invalid", field, e.Message);
            return null;
        }
    }

    private static List<(TargetParts Target, MeasuredRows Rows)> Measured(List<TargetParts> targets, IMetricCatalogue metrics) =>
        [.. targets.Where(t => t.Metric is { } m && metrics.TryGet(m, out _)).Select(t => (t, metrics.TryGet(t.Metric!, out var facts) ? facts.Rows : MeasuredRows.All))];

    private void CompareTexts(Row row, DataScan scan, HashSet<ulong> testTexts, bool isTest)
    {
        if (isTest)
        {
            testTexts.Add(TextFingerprint.Of(normalize(row.Text)));
        }
        else if (testTexts.Count > 0 && testTexts.Contains(TextFingerprint.Of(normalize(row.Text))))
        {
            scan.AddTestCopy();
        }
    }
}
