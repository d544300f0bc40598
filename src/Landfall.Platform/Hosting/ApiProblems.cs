using Landfall.Protocol.Briefs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Landfall.Platform.Hosting;

/// <summary>Error answers of <c>/api</c>: problem+json with a stable <c>code</c>.</summary>
public static class ApiProblems
{
    public static ProblemHttpResult Create(int status, string code, string detail, IReadOnlyList<BriefProblem>? problems = null)
    {
        var extensions = new Dictionary<string, object?>(StringComparer.Ordinal) { ["code"] = code };
        if (problems is not null)
        {
            extensions["problems"] = problems;
        }

        return TypedResults.Problem(detail, statusCode: status, extensions: extensions);
    }
}
