using Landfall.Inference;
using Landfall.Inference.Serving;
using Landfall.Platform.Models;
using Microsoft.AspNetCore.Http;

namespace Landfall.Platform.Gateway.Local;

/// <summary>What goes wrong in a local model, as an error in OpenAI's form.</summary>
internal static class LocalProblems
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(10);

    /// <summary>Whether the exception is to become another one.</summary>
    public static bool IsOne(Exception error) => error is InferenceException or ModelMemoryException;

    /// <summary>The error; null where the exception is a fault of ours.</summary>
    public static GatewayProblemException? Of(Exception error, string param) => error switch
    {
        GatewayProblemException problem => problem,
        PromptTooLongException => new GatewayProblemException(StatusCodes.Status400BadRequest, error.Message, param, "context_length_exceeded", error),
        EngineBusyException => new GatewayProblemException(StatusCodes.Status429TooManyRequests, error.Message, null, "rate_limit_exceeded", error) { RetryAfter = Soon },
        ModelMemoryException { MayPass: true } => new GatewayProblemException(StatusCodes.Status503ServiceUnavailable, error.Message, null, "model_busy", error) { RetryAfter = Later },
        ModelMemoryException => new GatewayProblemException(StatusCodes.Status503ServiceUnavailable, error.Message, "model", "model_too_large", error),
        ModelFormatException => new GatewayProblemException(StatusCodes.Status500InternalServerError, "The model's files cannot be read any more. Import it again; the server's log says what is wrong.", "model", "model_invalid", error),
        InferenceException => new GatewayProblemException(StatusCodes.Status400BadRequest, error.Message, null, "invalid_request", error),
        _ => null,
    };
}
