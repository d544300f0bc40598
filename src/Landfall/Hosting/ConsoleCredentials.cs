using System.Net.Http.Headers;
using Landfall.Platform.Access;
using Microsoft.AspNetCore.Components.Authorization;

namespace Landfall.Hosting;

/// <summary>
/// Makes the console's calls on behalf of the user whose page or circuit it is. A circuit has no request, but the user that
/// its connection was made with; the session's token never leaves the server otherwise.
/// </summary>
internal sealed class ConsoleCredentials(AuthenticationStateProvider users, ServerSecrets secrets) : DelegatingHandler(new SocketsHttpHandler())
{
    public static ConsoleCredentials For(IServiceProvider services) =>
        new(services.GetRequiredService<AuthenticationStateProvider>(), services.GetRequiredService<ServerSecrets>());

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var user = (await users.GetAuthenticationStateAsync()).User;
        if (user.FindFirst(Principal.SessionClaim)?.Value is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            request.Headers.Add(Authenticator.ConsoleHeader, $"{secrets.Console} {user.FindFirst(Principal.OriginClaim)?.Value}");
            request.Headers.Add(Authenticator.TeamHeader, user.FindFirst(Principal.TeamClaim)?.Value);
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
