using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Landfall.Platform.Endpoints.Calls;

/// <summary>A whole answer, or in a live stream its beginning.</summary>
internal sealed record SentAnswer(byte[] Body, CompletionBody? Completion, HttpResponseMessage? Live, int Attempts, double LatencyMs);

/// <summary>
/// Sends a chat completion request until it is answered whole. What may pass (429, 5xx, no connection, no answer in time,
/// an answer that breaks off) is tried again, what will not is said at once. One call's attempts share one idempotency
/// key, so that an endpoint that knows keys does the work once, and one limit of time.
/// </summary>
internal sealed class EndpointSender(HttpMessageInvoker http, ChatEndpoint endpoint, TimeProvider time, ILogger logger)
{
    private const int LargestAnswer = 16 << 20;
    private const int MaxWrongAnswers = 2;
    private readonly SemaphoreSlim _room = new(endpoint.MaxParallel);

    /// <exception cref="EndpointException">There is no answer.</exception>
    public async Task<SentAnswer> SendAsync(HttpRequestMessage original, byte[] body, bool isStream, bool isLive, string identity, CancellationToken cancellation)
    {
        await _room.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await TryAsync(original, body, isStream, isLive, identity, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _room.Release();
        }
    }

    private async Task<SentAnswer> TryAsync(HttpRequestMessage original, byte[] body, bool isStream, bool isLive, string identity, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var wrongAnswers = 0;
        for (var attempt = 1; ; attempt++)
        {
            var failed = await AttemptAsync(original, body, isStream, isLive, identity, attempt, cancellation).ConfigureAwait(false);
            if (failed.Answer is { } answer)
            {
                return answer;
            }

            wrongAnswers += failed.Error!.Failure == EndpointFailure.NotACompletion ? 1 : 0;
            var wait = RetryTimes.After(attempt, identity, failed.RetryAfter, time.GetUtcNow());
            var total = endpoint.Timeout * 5;
            if (!failed.MayPass || attempt == RetryTimes.MaxAttempts || wrongAnswers == MaxWrongAnswers || time.GetElapsedTime(began) + wait > total)
            {
                throw Final(failed, attempt, wait);
            }

            logger.Retries(endpoint.Name, failed.Error.Message, wait.TotalSeconds);
            await Task.Delay(wait, time, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<Attempt> AttemptAsync(
        HttpRequestMessage original, byte[] body, bool isStream, bool isLive, string identity, int attempt, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(endpoint.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        using var request = Copy(original, body, identity);
        var started = Stopwatch.GetTimestamp();
        HttpResponseMessage? response = null;
        try
        {
            response = await http.SendAsync(request, both.Token).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return await RefusedAsync(response, both.Token).ConfigureAwait(false);
            }

            if (isLive && isStream)
            {
                var live = response;
                response = null;
                return new Attempt(new SentAnswer([], Completion: null, live, attempt, Stopwatch.GetElapsedTime(started).TotalMilliseconds));
            }

            var bytes = await ReadAsync(response, both.Token).ConfigureAwait(false);
            var completion = CompletionBody.Read(bytes, isStream);
            return new Attempt(new SentAnswer(bytes, completion, Live: null, attempt, Stopwatch.GetElapsedTime(started).TotalMilliseconds));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Failure(EndpointFailure.Timeout, string.Create(CultureInfo.InvariantCulture, $"gave no answer within {endpoint.Timeout.TotalSeconds:0.#} s"));
        }
        catch (CompletionFormatException error)
        {
            return Failure(error.IsCutShort ? EndpointFailure.HalfAnswer : EndpointFailure.NotACompletion, $"sent what is no whole chat completion: {error.Message}");
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return response is null
                ? Failure(EndpointFailure.Unreachable, $"cannot be reached at {endpoint.Address}: {error.Message}", error)
                : Failure(EndpointFailure.HalfAnswer, $"broke off its answer: {error.Message}", error);
        }
        finally
        {
            response?.Dispose();
        }
    }

    /// <summary>Each attempt is a request of its own with the same content.</summary>
    private static HttpRequestMessage Copy(HttpRequestMessage original, byte[] body, string identity)
    {
        var request = new HttpRequestMessage(original.Method, original.RequestUri) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (var (name, values) in original.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, values);
        }

        request.Headers.TryAddWithoutValidation("Idempotency-Key", identity);
        return request;
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        using var content = new MemoryStream();
        var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var buffer = new byte[16 << 10];
            int read;
            while ((read = await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
            {
                content.Write(buffer, 0, read);
                if (content.Length > LargestAnswer)
                {
                    throw new CompletionFormatException($"it is larger than {LargestAnswer >> 20} MB");
                }
            }
        }

        return content.ToArray();
    }

    private async Task<Attempt> RefusedAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var status = (int)response.StatusCode;
        var said = await WhatItSaysAsync(response, cancellation).ConfigureAwait(false);
        var (failure, mayPass) = status switch
        {
            429 => (EndpointFailure.RateLimited, true),
            408 or 409 or 425 => (EndpointFailure.ServerError, true),
            >= 500 => (EndpointFailure.ServerError, true),
            _ => (EndpointFailure.Refused, false),
        };
        return new Attempt(
            Answer: null, Problem(failure, $"answered {status}{said}", inner: null, status), mayPass, response.Headers.RetryAfter);
    }

    private static async Task<string> WhatItSaysAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            using var document = JsonDocument.Parse(await ReadAsync(response, cancellation).ConfigureAwait(false));
            return CompletionBody.ErrorIn(document.RootElement) is { } message ? $": {message}" : "";
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or IOException or HttpRequestException or CompletionFormatException)
        {
            return "";
        }
    }

    private Attempt Failure(EndpointFailure failure, string what, Exception? inner = null) =>
        new(Answer: null, Problem(failure, what, inner, status: null), MayPass: true);

    private EndpointException Problem(EndpointFailure failure, string what, Exception? inner, int? status) =>
        new(failure, $"The endpoint '{endpoint.Name}' ({endpoint.Model}) {what.TrimEnd('.')}.", status, inner);

    /// <summary>The last failure with what was tried and what to do.</summary>
    private static EndpointException Final(Attempt failed, int attempts, TimeSpan wait)
    {
        var error = failed.Error!;
        var tried = attempts == 1 ? "" : $" It was asked {attempts} times.";
        var remedy = error.Failure switch
        {
            EndpointFailure.RateLimited when wait > TimeSpan.FromMinutes(1) => string.Create(CultureInfo.InvariantCulture, $" It asks to wait {wait.TotalSeconds:0} s: come back then; what was answered is kept."),
            EndpointFailure.RateLimited => " Allow fewer calls at a time, or come back later; what was answered is kept.",
            EndpointFailure.Refused => " Check its key, its model and its address in the settings.",
            EndpointFailure.NotACompletion => " Check its address: it should be the root of an OpenAI-compatible API, such as https://host/v1.",
            EndpointFailure.Unreachable => " Check its address, and that it runs.",
            _ => " Come back later; what was answered is kept.",
        };
        return new EndpointException(error.Failure, error.Message + tried + remedy, error.Status, error.InnerException);
    }

    private sealed record Attempt(SentAnswer? Answer, EndpointException? Error = null, bool MayPass = false, RetryConditionHeaderValue? RetryAfter = null);
}
