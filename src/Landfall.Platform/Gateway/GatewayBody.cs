using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Landfall.Platform.Gateway;

/// <summary>Reads bodies of requests to <c>/v1</c>.</summary>
internal static class GatewayBody
{
    public const int MaxBytes = 4 << 20;

    /// <summary>The whole body.</summary>
    /// <exception cref="GatewayProblemException">It is too large, or did not come whole.</exception>
    public static async Task<byte[]> ReadAsync(HttpRequest http, CancellationToken cancellation)
    {
        // Holds for bodies of unknown length as well: reading past it throws.
        if (http.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxBytes;
        }

        try
        {
            using var body = new MemoryStream();
            await http.Body.CopyToAsync(body, cancellation).ConfigureAwait(false);
            return body.GetBuffer().AsSpan(0, (int)body.Length) is [0xEF, 0xBB, 0xBF, .. var text] ? text.ToArray() : body.ToArray();
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new GatewayProblemException(error.StatusCode, $"The request is larger than {MaxBytes} bytes.", code: "request_too_large");
        }
        catch (BadHttpRequestException error)
        {
            throw new GatewayProblemException(error.StatusCode, error.Message);
        }
    }

    /// <summary>The member of the request that a JSON path such as <c>$.messages[0].role</c> begins with.</summary>
    private static string? MemberOf(string? path) =>
        path is { Length: > 2 } && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..].Split('.', '[')[0] : null;

    /// <summary>Reads a body as what <paramref name="kind"/> says.</summary>
    /// <exception cref="GatewayProblemException">It is not that.</exception>
    public static T Read<T>(byte[] body, string kind)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body, JsonSerializerOptions.Web) ?? throw GatewayProblemException.Invalid($"The body is null; {kind} is needed.", null);
        }
        catch (JsonException error)
        {
            throw GatewayProblemException.Invalid($"The body is not {kind} in JSON: {error.Message}", MemberOf(error.Path));
        }
    }
}
