using System.Text.Json.Serialization;

namespace Landfall.Protocol.Errors;

/// <summary>The stable codes in <c>problem+json</c> answers (member <c>code</c>).</summary>
public static class ErrorCodes
{
    /// <summary>The brief has errors; <c>problems</c> lists them all.</summary>
    public const string BriefInvalid = "brief-invalid";

    /// <summary>A data file cannot be read as rows.</summary>
    public const string DataInvalid = "data-invalid";

    /// <summary>A model's files are damaged, or of a kind that is not read.</summary>
    public const string ModelInvalid = "model-invalid";

    /// <summary>A named thing does not exist.</summary>
    public const string NotFound = "not-found";

    /// <summary>The app's name is taken by another folder.</summary>
    public const string AppExists = "app-exists";

    /// <summary>The new release is worse than the live one (regression gate).</summary>
    public const string Regression = "regression";

    /// <summary>The request does not fit the state of the thing, such as cancelling an ended run.</summary>
    public const string Conflict = "conflict";

    /// <summary>The request itself is malformed.</summary>
    public const string BadRequest = "bad-request";

    /// <summary>An upload is larger than the server takes.</summary>
    public const string TooLarge = "too-large";

    /// <summary>No space is left on the disk of the data folder.</summary>
    public const string DiskFull = "disk-full";

    /// <summary>The database cannot be reached; the answer says when to try again.</summary>
    public const string DatabaseUnavailable = "database-unavailable";

    /// <summary>A token is needed beyond loopback.</summary>
    public const string Unauthorized = "unauthorized";

    /// <summary>The caller is known, and may not do this.</summary>
    public const string Forbidden = "forbidden";

    /// <summary>Too many attempts; the answer says when to try again.</summary>
    public const string TooManyRequests = "too-many-requests";

    /// <summary>A language model's endpoint gave no answer.</summary>
    public const string EndpointFailed = "endpoint-failed";

    /// <summary>Training needs a native library that is not there, or does not load.</summary>
    public const string TrainingUnavailable = "training-unavailable";

    /// <summary>A training needs more memory than the machine has free.</summary>
    public const string OutOfMemory = "out-of-memory";

    /// <summary>A training cannot be done or did not come to its end.</summary>
    public const string TrainingFailed = "training-failed";

    /// <summary>A training's loss rose instead of falling, or was no number; a lower learning rate may help.</summary>
    public const string TrainingDiverged = "training-diverged";

    /// <summary>A fault of ours; the log has the details.</summary>
    public const string Internal = "internal";
}

/// <summary>An error answer of <c>/api</c> (RFC 9457), with Landfall's members.</summary>
public sealed record ApiProblem
{
    /// <summary>A short title of the kind of error.</summary>
    public string? Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public int? Status { get; init; }

    /// <summary>What is wrong, where, and what to do.</summary>
    public string? Detail { get; init; }

    /// <summary>One of <see cref="ErrorCodes"/>.</summary>
    public string? Code { get; init; }

    /// <summary>With <see cref="ErrorCodes.BriefInvalid"/>: everything that is wrong with the brief.</summary>
    public IReadOnlyList<Briefs.BriefProblem>? Problems { get; init; }
}

/// <summary>Thrown by <see cref="LandfallClient"/> for an error answer.</summary>
/// <param name="problem">The answer's body.</param>
public sealed class LandfallApiException(ApiProblem problem) : Exception(problem.Detail ?? problem.Title ?? "The server answered with an error.")
{
    /// <summary>The answer's body.</summary>
    public ApiProblem Problem { get; } = problem;

    /// <summary>One of <see cref="ErrorCodes"/>.</summary>
    public string Code => Problem.Code ?? ErrorCodes.Internal;
}
