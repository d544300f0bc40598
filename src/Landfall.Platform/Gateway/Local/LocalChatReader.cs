using System.Globalization;
using System.Text.Json;
using Landfall.Inference.Chat;
using Microsoft.Extensions.AI;

namespace Landfall.Platform.Gateway.Local;

/// <summary>A chat completion request, understood.</summary>
/// <param name="Messages">What was said.</param>
/// <param name="Options">How to answer.</param>
/// <param name="Answers">How many answers.</param>
/// <param name="IsStream">Whether they come as they are written.</param>
/// <param name="HasUsage">With a stream: whether a last chunk says what it took.</param>
public sealed record LocalChatCall(IReadOnlyList<Microsoft.Extensions.AI.ChatMessage> Messages, LocalChatOptions Options, int Answers, bool IsStream, bool HasUsage);

/// <summary>Understands chat completion requests to local models. What cannot be is a <see cref="GatewayProblemException"/>.</summary>
internal static class LocalChatReader
{
    private const int MostAnswers = 8;
    private const int MostStops = 16;
    private const int MostTopLogProbabilities = 20;

    /// <summary>Reads a body that is JSON.</summary>
    public static LocalChatCall Read(byte[] body)
    {
        try
        {
            var request = GatewayBody.Read<LocalChatRequest>(body, "a chat completion request");
            return new LocalChatCall(LocalMessages.Read(request.Messages), OptionsOf(request), Answers(request), request.Stream == true, request.StreamOptions?.IncludeUsage == true);
        }
        catch (InvalidOperationException)
        {
            // JSON can hold what is no text: half a surrogate pair, or bytes that are not UTF-8.
            throw GatewayProblemException.Invalid("A text of the request is no valid Unicode.", "messages");
        }
    }

    private static int Answers(LocalChatRequest request) => request.N switch
    {
        null => 1,
        >= 1 and <= MostAnswers => request.N.Value,
        _ => throw GatewayProblemException.Invalid($"'n' is {request.N}; it is from 1 to {MostAnswers}.", "n"),
    };

    private static LocalChatOptions OptionsOf(LocalChatRequest request)
    {
        var options = new LocalChatOptions
        {
            // OpenAI's default.
            Temperature = Within(request.Temperature, 0, 2, "temperature") ?? 1,
            TopP = Within(request.TopP, 0, 1, "top_p"),
            TopK = AtLeast(request.TopK, 0, "top_k"),
            MaxOutputTokens = AtLeast(request.MaxCompletionTokens, 1, "max_completion_tokens") ?? AtLeast(request.MaxTokens, 1, "max_tokens"),
            FrequencyPenalty = Within(request.FrequencyPenalty, -2, 2, "frequency_penalty"),
            PresencePenalty = Within(request.PresencePenalty, -2, 2, "presence_penalty"),
            Seed = request.Seed,
            StopSequences = StopsOf(request.Stop),
            AllowMultipleToolCalls = request.ParallelToolCalls,
            MinP = Within(request.MinP, 0, 1, "min_p"),
            TypicalP = Within(request.TypicalP, 0, 1, "typical_p"),
            RepetitionPenalty = Within(request.RepetitionPenalty, 0.01f, 100, "repetition_penalty"),
            LogitBias = BiasOf(request.LogitBias),
            TopLogProbabilities = TopOf(request),

            // Callers share a model equally, however many requests each has.
            Owner = $"{Access.Caller.Current.Team}/{Access.Caller.Current.Name}",
        };
        LocalTools.Apply(request, options);
        LocalFormats.Apply(request, options);
        return options;
    }

    private static float? Within(float? value, float low, float high, string name) => value is null || (value >= low && value <= high)
        ? value
        : throw GatewayProblemException.Invalid(string.Create(CultureInfo.InvariantCulture, $"'{name}' is {value}; it is from {low} to {high}."), name);

    private static int? AtLeast(int? value, int low, string name) =>
        value is null || value >= low ? value : throw GatewayProblemException.Invalid($"'{name}' is {value}; it is at least {low}.", name);

    private static List<string>? StopsOf(JsonElement stop)
    {
        List<string>? stops = stop.ValueKind switch
        {
            JsonValueKind.Undefined or JsonValueKind.Null => null,
            JsonValueKind.String => [stop.GetString()!],
            JsonValueKind.Array when stop.EnumerateArray().All(s => s.ValueKind == JsonValueKind.String) => [.. stop.EnumerateArray().Select(s => s.GetString()!)],
            _ => throw GatewayProblemException.Invalid("'stop' is no text and no array of texts.", "stop"),
        };
        return stops is null || (stops.Count <= MostStops && stops.TrueForAll(s => s.Length > 0))
            ? stops
            : throw GatewayProblemException.Invalid($"'stop' has an empty text, or more than {MostStops}.", "stop");
    }

    private static Dictionary<int, float>? BiasOf(IReadOnlyDictionary<string, float>? bias)
    {
        if (bias is null or { Count: 0 })
        {
            return null;
        }

        var read = new Dictionary<int, float>();
        foreach (var (token, value) in bias)
        {
            if (!int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || value is not (>= -100 and <= 100))
            {
                throw GatewayProblemException.Invalid($"'logit_bias' has {Briefs.Shown.Text(token)}: {value.ToString(CultureInfo.InvariantCulture)}; its keys are token ids, its values from -100 to 100.", "logit_bias");
            }

            read[id] = value;
        }

        return read;
    }

    private static int? TopOf(LocalChatRequest request)
    {
        if (request.TopLogProbabilities is not (null or (>= 0 and <= MostTopLogProbabilities)))
        {
            throw GatewayProblemException.Invalid($"'top_logprobs' is {request.TopLogProbabilities}; it is from 0 to {MostTopLogProbabilities}.", "top_logprobs");
        }

        return request.LogProbabilities == true ? request.TopLogProbabilities ?? 0
            : request.TopLogProbabilities is > 0 ? throw GatewayProblemException.Invalid("'top_logprobs' needs 'logprobs': true.", "top_logprobs")
            : null;
    }
}
