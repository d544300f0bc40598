using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Landfall.Platform.Endpoints;

/// <summary>What settings of an endpoint may be, wherever they stand.</summary>
internal static partial class EndpointChecks
{
    public const double MaxTimeoutSeconds = 3600;
    public const int MaxMaxParallel = 256;
    public const decimal MaxPrice = 100_000;

    /// <summary>Why this cannot be a name, or null.</summary>
    public static string? WhyNoName(string? name) => name is not null && Name().IsMatch(name)
        ? null
        : $"'{name}' cannot be an endpoint's name: 1 to 64 lower-case letters, digits and hyphens, with a letter or digit first.";

    /// <summary>Reads an address. Only http and https; no user, no fragment.</summary>
    public static bool TryAddress(string? text, [NotNullWhen(true)] out Uri? address, [NotNullWhen(false)] out string? why)
    {
        if (!Uri.TryCreate(text?.Trim(), UriKind.Absolute, out address) || address.Scheme is not ("http" or "https") || address.Host.Length == 0)
        {
            (address, why) = (null, $"'{text}' is no address of an API. Write one such as https://api.openai.com/v1.");
            return false;
        }

        if (address.UserInfo.Length > 0 || address.Fragment.Length > 0 || address.Query.Length > 0)
        {
            (address, why) = (null, "The address has a user, a query or a fragment. Write it without, and give the key as 'key'.");
            return false;
        }

        why = null;
        return true;
    }

    public static string? WhyNoPrice(decimal? price) => price is null or (>= 0 and <= MaxPrice)
        ? null
        : $"The price is {price}; it is US dollars per million tokens, from 0 to {MaxPrice}.";

    public static string? WhyNoTimeout(double? seconds) => seconds is null or (> 0 and <= MaxTimeoutSeconds)
        ? null
        : $"The timeout is {seconds}; it is in seconds, above 0 and at most {MaxTimeoutSeconds}.";

    public static string? WhyNoParallel(int? calls) => calls is null or (>= 1 and <= MaxMaxParallel)
        ? null
        : $"The calls at a time are {calls}; they are from 1 to {MaxMaxParallel}.";

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,63}\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
