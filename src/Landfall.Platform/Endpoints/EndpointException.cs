namespace Landfall.Platform.Endpoints;

/// <summary>Why an endpoint gave no answer.</summary>
public enum EndpointFailure
{
    /// <summary>No connection.</summary>
    Unreachable,

    /// <summary>No answer in time.</summary>
    Timeout,

    /// <summary>Too many requests, and the wait it asks for is too long.</summary>
    RateLimited,

    /// <summary>An error of its own (5xx) that did not pass.</summary>
    ServerError,

    /// <summary>It refuses the request: key, model, or a parameter.</summary>
    Refused,

    /// <summary>The answer broke off.</summary>
    HalfAnswer,

    /// <summary>The answer is not a chat completion.</summary>
    NotACompletion,

    /// <summary>The money that may be spent is spent: it was not asked.</summary>
    BudgetSpent,
}

/// <summary>An endpoint gave no answer. The message says which, what happened, and what to do.</summary>
public sealed class EndpointException(EndpointFailure failure, string message, int? status = null, Exception? inner = null)
    : Exception(message, inner)
{
    public EndpointFailure Failure { get; } = failure;

    /// <summary>The HTTP status, where there was one.</summary>
    public int? Status { get; } = status;
}
