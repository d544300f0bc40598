using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Localization;
using Microsoft.Net.Http.Headers;

namespace Landfall.Console.Localization;

/// <summary>The console's languages, and how a request's is chosen: the cookie, then <c>Accept-Language</c>, then English.</summary>
public static class ConsoleLanguage
{
    /// <summary>The languages by culture name, with the name each has for itself.</summary>
    public static IReadOnlyList<(string Culture, string Name)> All { get; } = [("en", "English"), ("zh-Hans", "简体中文")];

    /// <summary>The nearest language that the console has, or null.</summary>
    /// <param name="tag">A language tag (BCP 47), such as <c>zh-CN</c>. Any Chinese gets the one Chinese there is.</param>
    public static string? Nearest(string? tag)
    {
        var primary = tag?.Split('-', 2)[0];
        return primary?.ToUpperInvariant() switch
        {
            "EN" => "en",
            "ZH" => "zh-Hans",
            _ => null,
        };
    }

    /// <summary>Whether a redirect to this path stays on this server.</summary>
    /// <param name="path">What a query parameter asks for.</param>
    public static bool IsLocalPath(string? path) =>
        path is ['/', ..] && path is not (['/', '/', ..] or ['/', '\\', ..]) && !path.Any(char.IsControl);

    internal static RequestLocalizationOptions Options()
    {
        // Figures look the same in both languages, so only the language of texts varies.
        var options = new RequestLocalizationOptions
        {
            DefaultRequestCulture = new RequestCulture(CultureInfo.InvariantCulture, new CultureInfo("en")),
            SupportedCultures = [CultureInfo.InvariantCulture],
            SupportedUICultures = [.. All.Select(language => new CultureInfo(language.Culture))],
            ApplyCurrentCultureToResponseHeaders = true,
        };
        options.RequestCultureProviders = [new CustomRequestCultureProvider(context => Task.FromResult<ProviderCultureResult?>(Choose(context.Request)))];
        return options;
    }

    internal static IResult Remember(HttpContext context, string culture, string? back)
    {
        if (Nearest(culture) is { } language)
        {
            var value = CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(CultureInfo.InvariantCulture, new CultureInfo(language)));
            context.Response.Cookies.Append(CookieRequestCultureProvider.DefaultCookieName, value, new CookieOptions
            {
                HttpOnly = true,
                IsEssential = true,
                MaxAge = TimeSpan.FromDays(365),
                SameSite = Microsoft.AspNetCore.Http.SameSiteMode.Lax,
            });
        }

        return Results.LocalRedirect(IsLocalPath(back) ? back! : "/");
    }

    private static ProviderCultureResult Choose(HttpRequest request)
    {
        var cookie = CookieRequestCultureProvider.ParseCookieValue(request.Cookies[CookieRequestCultureProvider.DefaultCookieName] ?? "");
        var tags = cookie?.UICultures.AsEnumerable() ?? [];
        if (StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptLanguage, out var accepted))
        {
            tags = tags.Concat(accepted.Where(language => language.Quality is not 0).OrderByDescending(language => language.Quality ?? 1).Select(language => language.Value));
        }

        return new ProviderCultureResult("", tags.Select(tag => Nearest(tag.Value)).FirstOrDefault(language => language is not null) ?? "en");
    }
}
