using Landfall.Protocol.Briefs;
using Landfall.Protocol.Errors;

namespace Landfall.Commands.Briefs;

/// <summary>Prints problems as compilers do, so that editors can jump to them.</summary>
internal static class BriefProblems
{
    /// <param name="writer">Where to.</param>
    /// <param name="path">The brief, as the user would write it.</param>
    /// <param name="problems">By line.</param>
    public static void Write(TextWriter writer, string path, IReadOnlyList<BriefProblem> problems)
    {
        foreach (var problem in problems)
        {
            writer.WriteLine(PlainText.Clean(Line(path, problem)));
        }
    }

    /// <summary>"2 errors, 1 warning", or "no problems".</summary>
    public static string Count(IReadOnlyList<BriefProblem> problems)
    {
        var errors = problems.Count(p => p.Severity == Severity.Error);
        var warnings = problems.Count - errors;
        var parts = new[] { Plural(errors, "error"), Plural(warnings, "warning") }.Where(p => p.Length > 0).ToList();
        return parts.Count == 0 ? "no problems" : string.Join(", ", parts);
    }

    /// <summary>What a command ends with: data that cannot be read as rows is told apart from errors of the brief.</summary>
    public static int ExitCode(IReadOnlyList<BriefProblem> problems)
    {
        var errors = problems.Where(p => p.Severity == Severity.Error).ToList();
        return errors.Count == 0 ? ExitCodes.Ok : errors.TrueForAll(p => p.Code == ErrorCodes.DataInvalid) ? ExitCodes.DataInvalid : ExitCodes.BriefInvalid;
    }

    private static string Plural(int count, string noun) => count switch
    {
        0 => "",
        1 => $"1 {noun}",
        _ => $"{count} {noun}s",
    };

    private static string Line(string path, BriefProblem problem)
    {
        var place = problem.Line > 0 ? $"{path}:{problem.Line}" : path;
        var severity = problem.Severity == Severity.Error ? "error" : "warning";
        var field = problem.Field.Length == 0 || problem.Message.Contains(problem.Field, StringComparison.Ordinal) ? "" : $"{problem.Field}: ";
        return $"{place}: {severity} {problem.Code}: {field}{problem.Message}";
    }
}
