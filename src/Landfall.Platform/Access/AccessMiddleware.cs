using System.Data.Common;
using Landfall.Platform.Storage;
using Landfall.Protocol.Errors;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Landfall.Platform.Access;

/// <summary>
/// Every request passes here: who calls, whether the endpoint's rule allows it, and, when it could change something, a line
/// in the audit log. The rest of the request is worked on with the caller as <see cref="Caller.Current"/>.
/// </summary>
public sealed partial class AccessMiddleware(RequestDelegate next, Authenticator authenticator, AuditLog audit, AuditBudget budget, DatabasePatience patience, TimeProvider time, ILogger<AccessMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            // A form's antiforgery token belongs to the user that its page was made for.
            if (context.Request.Cookies.ContainsKey(Authenticator.SessionCookie)
                && await authenticator.AuthenticateAsync(context).ConfigureAwait(false) is { Principal: { } known, Origin: var origin })
            {
                context.User = known.ToClaims(origin);
            }

            await GoOnAsync(context, Principal.Nobody).ConfigureAwait(false);
            return;
        }

        var found = await authenticator.AuthenticateAsync(context).ConfigureAwait(false);
        if (found.Principal is not { } principal)
        {
            Audit(context, endpoint, Principal.Nobody, found.Origin);
            await RefuseAsync(context, found).ConfigureAwait(false);
            return;
        }

        Audit(context, endpoint, principal.Caller, found.Origin);
        if (EndpointRules.WhyForbidden(endpoint, principal) is { } reason)
        {
            await EndpointRules.Refuse(context, StatusCodes.Status403Forbidden, ErrorCodes.Forbidden, reason).ExecuteAsync(context).ConfigureAwait(false);
            return;
        }

        context.Features.Set(principal);
        context.User = principal.ToClaims(found.Origin);
        await GoOnAsync(context, principal.Caller).ConfigureAwait(false);
    }

    private static async Task RefuseAsync(HttpContext context, Authentication found)
    {
        if (found.HasUsers && !found.IsForbidden && IsPageVisit(context.Request))
        {
            context.Response.Redirect($"/sign-in?back={Uri.EscapeDataString(context.Request.Path + context.Request.QueryString)}");
            return;
        }

        var (status, code) = found.IsForbidden ? (StatusCodes.Status403Forbidden, ErrorCodes.Forbidden) : (StatusCodes.Status401Unauthorized, ErrorCodes.Unauthorized);
        if (status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        await EndpointRules.Refuse(context, status, code, found.Reason!).ExecuteAsync(context).ConfigureAwait(false);
    }

    private static bool IsPageVisit(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
        && !request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) && !request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase);

    private async Task GoOnAsync(HttpContext context, Caller caller)
    {
        using var acting = Caller.Act(caller);
        await next(context).ConfigureAwait(false);
    }

    /// <summary>Notes what becomes of a change before the answer leaves: who reads the log afterwards finds it there.</summary>
    private void Audit(HttpContext context, Endpoint? endpoint, Caller caller, string origin)
    {
        var request = context.Request;
        if (endpoint is not RouteEndpoint || endpoint.Metadata.GetMetadata<NothingChanged>() is not null
            || HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method)
            || endpoint.Metadata.GetMetadata<IEndpointNameMetadata>() is not { EndpointName: var action })
        {
            return;
        }

        var path = request.Path.ToString();
        context.Response.OnStarting(() => WriteAsync(caller, action, path, origin, context.Response.StatusCode));
    }

    private async Task WriteAsync(Caller caller, string action, string subject, string origin, int status)
    {
        if (caller == Principal.Nobody && !budget.TryTake())
        {
            return;
        }

        // What nobody in particular tried is the business of those who look after the installation.
        using var acting = Caller.Act(caller.Team.Length > 0 ? caller : caller with { Team = Caller.Local.Team });
        try
        {
            var entry = new AuditEntity { At = time.GetUtcNow(), Actor = caller.Name, Action = action, Subject = subject, Origin = origin, Status = status };
            await AddAsync(entry).ConfigureAwait(false);
        }
        catch (Exception error) when (error is DbException or DbUpdateException or FencedException || DatabaseOutage.Is(error))
        {
            LogNotAudited(error, action, caller.Name, status);
        }
    }

    /// <summary>What was done waits for a database that is away; that nothing could be done for want of it is said at once.</summary>
    private async Task AddAsync(AuditEntity entry)
    {
        if (entry.Status >= StatusCodes.Status500InternalServerError)
        {
            await audit.AddAsync(entry, CancellationToken.None).ConfigureAwait(false);
            return;
        }

        await patience.RetryAsync(
            async cancellation =>
            {
                await audit.AddAsync(entry, cancellation).ConfigureAwait(false);
                return true;
            },
            CancellationToken.None).ConfigureAwait(false);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Action} by {Actor} (status {Status}) could not be written to the audit log.")]
    private partial void LogNotAudited(Exception error, string action, string actor, int status);
}

/// <summary>How many refusals of unknown callers are written down: 60 a minute. A stranger must not fill the disk.</summary>
public sealed class AuditBudget(TimeProvider time)
{
    private const int PerMinute = 60;
    private readonly Lock _gate = new();
    private long _minute;
    private int _taken;

    public bool TryTake()
    {
        lock (_gate)
        {
            var minute = time.GetUtcNow().ToUnixTimeSeconds() / 60;
            (_taken, _minute) = (minute == _minute ? _taken + 1 : 1, minute);
            return _taken <= PerMinute;
        }
    }
}

public static class AccessApplicationBuilderExtensions
{
    /// <summary>Lets nobody through whom an endpoint's rule does not let in. Comes before everything that answers.</summary>
    public static IApplicationBuilder UseAccess(this IApplicationBuilder app) => app.UseMiddleware<AccessMiddleware>();
}
