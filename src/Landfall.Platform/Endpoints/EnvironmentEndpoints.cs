using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Landfall.Platform.Endpoints;

/// <summary>
/// Endpoints in the environment: <c>LANDFALL_ENDPOINT_{NAME}_ADDRESS</c>, <c>_MODEL</c>, <c>_KEY</c>, <c>_INPUT_PRICE</c>,
/// <c>_OUTPUT_PRICE</c>, <c>_TIMEOUT</c> and <c>_PARALLEL</c>, and <c>OPENAI_API_KEY</c> with <c>OPENAI_BASE_URL</c> and
/// <c>OPENAI_MODEL</c>.
/// </summary>
internal static class EnvironmentEndpoints
{
    private const string Prefix = "LANDFALL_ENDPOINT_";
    private const string AddressEnd = "_ADDRESS";
    private const string OpenAi = "openai";

    public static IReadOnlyList<ChatEndpoint> Read(IConfiguration settings, ICollection<string> problems)
    {
        var found = new List<ChatEndpoint>();
        foreach (var key in settings.AsEnumerable().Select(s => s.Key).Where(IsAddress).Order(StringComparer.Ordinal))
        {
            Add(key[Prefix.Length..^AddressEnd.Length], settings[key], settings[$"{key[..^AddressEnd.Length]}_MODEL"], settings[$"{key[..^AddressEnd.Length]}_KEY"]);
        }

        if (settings["OPENAI_API_KEY"] is { Length: > 0 } openAiKey && found.TrueForAll(e => e.Name != OpenAi))
        {
            Add("OPENAI", settings["OPENAI_BASE_URL"] is { Length: > 0 } root ? root : "https://api.openai.com/v1", settings["OPENAI_MODEL"] is { Length: > 0 } model ? model : "gpt-4o-mini", openAiKey);
        }

        return found;

        void Add(string name, string? address, string? model, string? key)
        {
            if (Create(settings, name, address, model, key, out var problem) is { } endpoint)
            {
                found.Add(endpoint);
            }
            else
            {
                problems.Add(problem!);
            }
        }
    }

    private static bool IsAddress(string key) =>
        key.StartsWith(Prefix, StringComparison.Ordinal) && key.EndsWith(AddressEnd, StringComparison.Ordinal) && key.Length > Prefix.Length + AddressEnd.Length;

    private static ChatEndpoint? Create(IConfiguration settings, string variable, string? address, string? model, string? key, out string? problem)
    {
        var name = variable.ToLowerInvariant().Replace('_', '-');
        var input = Number(settings, $"{Prefix}{variable}_INPUT_PRICE", out var first);
        var output = Number(settings, $"{Prefix}{variable}_OUTPUT_PRICE", out var second);
        var timeout = Number(settings, $"{Prefix}{variable}_TIMEOUT", out var third);
        var parallel = Number(settings, $"{Prefix}{variable}_PARALLEL", out var fourth);
        var isAddress = EndpointChecks.TryAddress(address, out var uri, out var why);
        problem = EndpointChecks.WhyNoName(name) ?? why ?? first ?? second ?? third ?? fourth
            ?? EndpointChecks.WhyNoPrice(input) ?? EndpointChecks.WhyNoPrice(output) ?? EndpointChecks.WhyNoTimeout((double?)timeout) ?? EndpointChecks.WhyNoParallel((int?)parallel)
            ?? (string.IsNullOrWhiteSpace(model) ? $"{Prefix}{variable}_MODEL is not set: name the model to ask for." : null);
        problem = problem is null ? null : $"The endpoint '{name}' of the environment is left out: {problem}";
        return problem is not null || !isAddress ? null : new ChatEndpoint
        {
            Name = name,
            Address = uri!,
            Model = model!.Trim(),
            Key = new Secret(key),
            InputPrice = input,
            OutputPrice = output,
            Timeout = TimeSpan.FromSeconds((double)(timeout ?? 60)),
            MaxParallel = (int)(parallel ?? 8),
            Source = "environment",
        };
    }

    private static decimal? Number(IConfiguration settings, string name, out string? problem)
    {
        problem = null;
        if (settings[name] is not { Length: > 0 } text)
        {
            return null;
        }

        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        problem = $"{name} is '{text}', which is no number.";
        return null;
    }
}
