using Landfall.Protocol.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Landfall.Platform.Access;

/// <summary>
/// What the console's forms for signing in and out are sent to. Only a browser has use for them, so they answer with a
/// redirect; each form carries an antiforgery token.
/// </summary>
public static class SessionForms
{
    public static IEndpointRouteBuilder MapSessionForms(this IEndpointRouteBuilder routes)
    {
        var forms = routes.MapGroup("/session").ExcludeFromDescription().AllowAnonymous();
        forms.MapPost("sign-in", SignInAsync).WithName("SignIn");
        forms.MapPost("first-admin", MakeFirstAdminAsync).WithName("MakeFirstAdmin");
        forms.MapPost("sign-out", SignOutAsync).WithName("SignOut");
        forms.MapPost("team", ChooseTeam).WithName("ChooseTeam");
        return routes;
    }

    private static async Task<RedirectHttpResult> SignInAsync(
        HttpContext context, SignIn signIn, FormAudit audit, CancellationToken cancellation, [FromForm] string? name, [FromForm] string? password, [FromForm] string? back)
    {
        var result = await signIn.WithPasswordAsync(name ?? "", password ?? "", AddressOf(context), cancellation).ConfigureAwait(false);
        var status = result.Token is not null ? StatusCodes.Status200OK : result.Wait > TimeSpan.Zero ? StatusCodes.Status429TooManyRequests : StatusCodes.Status401Unauthorized;
        await audit.WriteAsync(result.User, "SignIn", AddressOf(context), status, cancellation).ConfigureAwait(false);
        if (result.Token is not { } token)
        {
            var error = result.Wait > TimeSpan.Zero ? $"wait&seconds={Math.Ceiling(result.Wait.TotalSeconds)}" : "wrong";
            return TypedResults.Redirect($"/sign-in?error={error}&back={Uri.EscapeDataString(LocalPath(back))}");
        }

        SetCookie(context, Authenticator.SessionCookie, token);
        return TypedResults.Redirect(LocalPath(back));
    }

    private static async Task<RedirectHttpResult> MakeFirstAdminAsync(
        HttpContext context, SignIn signIn, FormAudit audit, CancellationToken cancellation, [FromForm] string? code, [FromForm] string? name, [FromForm] string? password)
    {
        try
        {
            var (user, token) = await signIn.MakeFirstAdminAsync(code ?? "", name ?? "", password ?? "", AddressOf(context), cancellation).ConfigureAwait(false);
            await audit.WriteAsync(user, "MakeFirstAdmin", AddressOf(context), StatusCodes.Status200OK, cancellation).ConfigureAwait(false);
            SetCookie(context, Authenticator.SessionCookie, token);
            return TypedResults.Redirect("/");
        }
        catch (AccessException refused)
        {
            await audit.WriteAsync(user: null, "MakeFirstAdmin", AddressOf(context), refused.Status, cancellation).ConfigureAwait(false);
            var error = refused.Code == ErrorCodes.BadRequest ? PasswordHash.WhyRefused(password) is null ? "name" : "password" : "link";
            return TypedResults.Redirect($"/welcome?error={error}&code={Uri.EscapeDataString(code ?? "")}");
        }
    }

    private static async Task<RedirectHttpResult> SignOutAsync(HttpContext context, SessionStore sessions, CancellationToken cancellation, [FromForm] string? back)
    {
        if (context.Request.Cookies[Authenticator.SessionCookie] is { } token)
        {
            await sessions.EndAsync(token, cancellation).ConfigureAwait(false);
        }

        context.Response.Cookies.Delete(Authenticator.SessionCookie);
        context.Response.Cookies.Delete(Authenticator.TeamCookie);
        return TypedResults.Redirect(back is null ? "/sign-in" : LocalPath(back));
    }

    // The choice is checked at every request: a team that is not the user's is passed over.
    private static RedirectHttpResult ChooseTeam(HttpContext context, [FromForm] string? team, [FromForm] string? back)
    {
        if (TeamStore.IsName(team))
        {
            SetCookie(context, Authenticator.TeamCookie, team!);
        }

        return TypedResults.Redirect(LocalPath(back));
    }

    private static void SetCookie(HttpContext context, string name, string value) => context.Response.Cookies.Append(name, value, new CookieOptions
    {
        HttpOnly = true,
        IsEssential = true,
        MaxAge = SessionStore.Life,
        Path = "/",
        SameSite = SameSiteMode.Lax,
        Secure = context.Request.IsHttps,
    });

    private static string AddressOf(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "";

    /// <summary>A path of this server, whatever the form says: nobody is to be led elsewhere after signing in.</summary>
    private static string LocalPath(string? path) =>
        path is ['/', ..] && path is not (['/', '/', ..] or ['/', '\\', ..]) && !path.Any(char.IsControl) ? path : "/";
}

/// <summary>Notes attempts to sign in: under the user's team when they are known, else under <c>default</c>.</summary>
public sealed class FormAudit(AuditLog audit, UserStore users, AuditBudget budget, TimeProvider time)
{
    public async Task WriteAsync(UserEntity? user, string action, string origin, int status, CancellationToken cancellation)
    {
        if (user is null && !budget.TryTake())
        {
            return;
        }

        var roles = user is null ? [] : await users.RolesAsync(user.Id, cancellation).ConfigureAwait(false);
        var team = roles.Keys.Order(StringComparer.Ordinal).FirstOrDefault(Caller.Local.Team);
        using var acting = Caller.Act(Principal.Nobody with { Team = team });
        var entry = new AuditEntity
        {
            At = time.GetUtcNow(),
            Actor = user?.Name ?? Principal.Nobody.Name,
            Action = action,
            Subject = "/session",
            Origin = origin,
            Status = status,
        };
        await audit.AddAsync(entry, cancellation).ConfigureAwait(false);
    }
}
