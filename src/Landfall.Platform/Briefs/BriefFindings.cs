using Landfall.Protocol.Briefs;

namespace Landfall.Platform.Briefs;

/// <summary>A parsed brief with the problems found in it so far.</summary>
internal sealed class BriefFindings(ParsedBrief parsed)
{
    private readonly List<BriefProblem> _problems = [.. parsed.Problems];

    public BriefParts Parts => parsed.Parts;

    public ParsedBrief Parsed => parsed;

    public bool HasErrors => _problems.Any(p => p.Severity == Severity.Error);

    public IReadOnlyList<BriefProblem> Problems => BriefProblems.Ordered(_problems);

    public int LineOf(string field) => parsed.LineOf(field);

    public void Error(string code, string field, string message) =>
        _problems.Add(new BriefProblem(Severity.Error, code, LineOf(field), field, message));

    public void Warn(string code, string field, string message) =>
        _problems.Add(new BriefProblem(Severity.Warning, code, LineOf(field), field, message));
}
