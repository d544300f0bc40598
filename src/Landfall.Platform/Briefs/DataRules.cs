namespace Landfall.Platform.Briefs;

/// <summary>Checks what was counted in the data files against the brief.</summary>
internal static class DataRules
{
    /// <summary>Checks whatever was read; null is a file that is not known yet, or whose problem has been reported.</summary>
    public static void Check(DataScan? train, DataScan? validation, DataScan? test, BriefFindings findings, IMetricCatalogue metrics, int compared)
    {
        CheckEmpty(train, "data.train", findings);
        CheckEmpty(validation, "data.validation", findings);
        CheckEmpty(test, "data.test", findings);
        if (train is { Rows: > 0 })
        {
            CheckClasses(train, findings);
        }

        CheckOutOfScope(train, test, findings, metrics);
        if (test is { Rows: > 0 })
        {
            CheckTargets(test, findings, metrics, compared);
            CheckUnseen(train, test, findings);
        }

        CheckCopies(train, "data.train", "landing drops them from train", findings);
        CheckCopies(validation, "data.validation", "thresholds chosen on them flatter the figures; remove them", findings);
    }

    private static void CheckEmpty(DataScan? scan, string field, BriefFindings findings)
    {
        if (scan is { Rows: 0 })
        {
            findings.Error("empty-data", field, $"{Shown.Text(scan.Path)} holds no rows. Add rows such as {{\"text\": \"...\", \"label\": \"...\"}}, one per line.");
        }
    }

    private static void CheckClasses(DataScan train, BriefFindings findings)
    {
        var labels = train.Labels.Keys.ToHashSet(StringComparer.Ordinal);
        if (findings.Parts is { OutOfScope: { Examples.Count: > 0 } outOfScope })
        {
            labels.Add(outOfScope.Label);
        }

        if (findings.Parts.Output == OutputKind.Label && labels.Count == 1)
        {
            findings.Error("one-class", "data.train", $"Every row of {Shown.Text(train.Path)} has the label {Shown.Text(labels.First())}: there is nothing to tell apart. Add rows of other labels.");
        }
    }

    private static void CheckOutOfScope(DataScan? train, DataScan? test, BriefFindings findings, IMetricCatalogue metrics)
    {
        var needing = findings.Parts.Targets.Where(t => t.Metric is { } m && metrics.TryGet(m, out var facts) && facts.NeedsOutOfScope).ToList();
        if (!findings.Parts.HasOutOfScope)
        {
            foreach (var target in needing)
            {
                findings.Error("no-out-of-scope", $"{target.Field}.metric", $"'{target.Metric}' needs an out-of-scope label, and the brief names none. Add scope: {{ out: {{ label: other }} }} with the label that such rows carry.");
            }

            return;
        }

        if (findings.Parts.OutOfScope is not { } outOfScope)
        {
            return;
        }

        var label = Shown.Text(outOfScope.Label);
        if (train is { Rows: > 0, OutOfScopeRows: 0 } && outOfScope.Examples.Count == 0)
        {
            findings.Error("no-out-of-scope", "scope.out", $"No row of {Shown.Text(train.Path)} has the out-of-scope label {label}, and scope.out has no examples: it cannot be learnt. Add rows with this label, or scope.out.examples.");
        }

        if (test is { Rows: > 0, OutOfScopeRows: 0 })
        {
            var message = $"No row of {Shown.Text(test.Path)} has the out-of-scope label {label}: how well such messages are recognised cannot be measured. Add rows with this label.";
            if (needing.Count > 0)
            {
                findings.Error("no-out-of-scope", $"{needing[0].Field}.metric", message);
            }
            else
            {
                findings.Warn("no-out-of-scope", "scope.out", message);
            }
        }
    }

    private static void CheckTargets(DataScan test, BriefFindings findings, IMetricCatalogue metrics, int compared)
    {
        foreach (var target in findings.Parts.Targets)
        {
            if (target is not { Metric: { } name, Bound: { } bound, SliceIsKnown: true }
                || !metrics.TryGet(name, out var facts)
                || bound < facts.MinBound
                || bound > facts.MaxBound)
            {
                continue;
            }

            var hasSlice = target.On is null || test.SliceRows.ContainsKey(target.Index);
            var rows = test.TargetRows.GetValueOrDefault(target.Index);
            if (!hasSlice)
            {
                ReportEmptySlice(target, test, findings);
            }
            else if (rows > 0 || facts.Rows is MeasuredRows.All or MeasuredRows.Answered)
            {
                TestSizeRules.Check(target, facts, rows, compared, findings);
            }
            else if (test.OutOfScopeRows > 0)
            {
                var kind = facts.Rows == MeasuredRows.OutOfScope ? "out-of-scope" : "in-scope";
                findings.Error("no-rows", target.Field, $"No {kind} row of {Shown.Text(test.Path)} counts for '{target.Words}'. Add such rows, or drop the target.");
            }
        }
    }

    private static void ReportEmptySlice(TargetParts target, DataScan test, BriefFindings findings)
    {
        var slice = target.On!;
        string reason;
        if (test.Fields.Contains(slice.Field))
        {
            reason = $"no row's {Shown.Text(slice.Field)} is {Shown.Text(slice.Value)}";
        }
        else
        {
            var fields = test.Fields.Count == 0 ? "the rows have no further fields" : $"its fields are {Shown.Names(test.Fields)}";
            reason = $"there is no field {Shown.Text(slice.Field)} ({fields}).{NearestName.Hint(slice.Field, test.Fields)}".TrimEnd('.');
        }

        findings.Error("empty-slice", $"{target.Field}.on", $"No row of {Shown.Text(test.Path)} is in the slice {slice}: {reason}{(reason.EndsWith('?') ? "" : ".")} Correct the slice, or add such rows.");
    }

    private static void CheckUnseen(DataScan? train, DataScan test, BriefFindings findings)
    {
        if (train is not { Rows: > 0 } || findings.Parts.Output != OutputKind.Label)
        {
            return;
        }

        var fromBrief = findings.Parts.OutOfScope?.Label;
        var unseen = test.Labels.Keys.Where(l => !train.Labels.ContainsKey(l) && l != fromBrief).ToList();
        if (unseen.Count > 0)
        {
            var rows = unseen.Sum(l => test.Labels[l]);
            findings.Warn("unseen-label", "data.test", $"{Shown.Count(unseen.Count)} {(unseen.Count == 1 ? "label" : "labels")} of {Shown.Text(test.Path)} ({Shown.Count(rows)} {(rows == 1 ? "row" : "rows")}) {(unseen.Count == 1 ? "does" : "do")} not occur in train, so these rows count as wrong: {Shown.Names(unseen)}. Add training rows, or correct the spelling.");
        }
    }

    private static void CheckCopies(DataScan? scan, string field, string consequence, BriefFindings findings)
    {
        if (scan is { TestCopies: > 0 })
        {
            var (subject, first) = scan.TestCopies == 1 ? ("1 row", "it is") : ($"{Shown.Count(scan.TestCopies)} rows", "the first is");
            findings.Warn("test-copies", field, $"{subject} of {Shown.Text(scan.Path)} {(scan.TestCopies == 1 ? "repeats" : "repeat")} a test row's text ({first} row {Shown.Count(scan.FirstTestCopy)}): {consequence}.");
        }
    }
}
