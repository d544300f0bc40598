using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using Landfall.Protocol.Access;

namespace Landfall.Protocol;

/// <content>Users, teams, API keys and the audit log.</content>
public sealed partial class LandfallClient
{
    /// <summary>Who is calling, and in which team.</summary>
    public Task<SessionInfo> GetSessionAsync(CancellationToken cancellation = default) => GetAsync("api/session", Json.SessionInfo, cancellation);

    /// <summary>Changes the caller's own password; their other sessions end.</summary>
    public Task ChangePasswordAsync(ChangePasswordRequest request, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, "api/session/password", request, Json.ChangePasswordRequest, cancellation);

    /// <summary>The members of the team, by name.</summary>
    public Task<IReadOnlyList<UserSummary>> GetUsersAsync(CancellationToken cancellation = default) => GetAsync("api/users", Json.IReadOnlyListUserSummary, cancellation);

    /// <summary>Adds a user to the team, and makes them if they do not exist.</summary>
    public Task<UserSummary> AddUserAsync(AddUserRequest request, CancellationToken cancellation = default) =>
        PostAsync("api/users", request, Json.AddUserRequest, Json.UserSummary, cancellation);

    /// <summary>Gives a member of the team another role.</summary>
    public Task ChangeRoleAsync(string user, TeamRole role, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Put, $"api/users/{Uri.EscapeDataString(user)}/role", new ChangeRoleRequest { Role = role }, Json.ChangeRoleRequest, cancellation);

    /// <summary>Sets a member's password; their sessions end.</summary>
    public Task SetPasswordAsync(string user, string password, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Put, $"api/users/{Uri.EscapeDataString(user)}/password", new SetPasswordRequest { Password = password }, Json.SetPasswordRequest, cancellation);

    /// <summary>Takes a user out of the team; one who is in no team any more is gone.</summary>
    public async Task RemoveUserAsync(string user, CancellationToken cancellation = default)
    {
        using var response = await http.DeleteAsync(new Uri($"api/users/{Uri.EscapeDataString(user)}", UriKind.Relative), cancellation).ConfigureAwait(false);
        await EnsureSuccessAsync(response, cancellation).ConfigureAwait(false);
    }

    /// <summary>The teams that the caller can choose.</summary>
    public Task<IReadOnlyList<TeamSummary>> GetTeamsAsync(CancellationToken cancellation = default) => GetAsync("api/teams", Json.IReadOnlyListTeamSummary, cancellation);

    /// <summary>Makes a team.</summary>
    public Task<TeamSummary> CreateTeamAsync(string name, CancellationToken cancellation = default) =>
        PostAsync("api/teams", new CreateTeamRequest { Name = name }, Json.CreateTeamRequest, Json.TeamSummary, cancellation);

    /// <summary>The team's API keys, newest first, without their secrets.</summary>
    public Task<IReadOnlyList<KeySummary>> GetKeysAsync(CancellationToken cancellation = default) => GetAsync("api/keys", Json.IReadOnlyListKeySummary, cancellation);

    /// <summary>Makes an API key. The answer alone has its secret.</summary>
    public Task<CreatedKey> CreateKeyAsync(CreateKeyRequest request, CancellationToken cancellation = default) =>
        PostAsync("api/keys", request, Json.CreateKeyRequest, Json.CreatedKey, cancellation);

    /// <summary>Ends an API key.</summary>
    public async Task<KeySummary> RevokeKeyAsync(string id, CancellationToken cancellation = default)
    {
        using var response = await http.DeleteAsync(new Uri($"api/keys/{Uri.EscapeDataString(id)}", UriKind.Relative), cancellation).ConfigureAwait(false);
        return await ReadAsync(response, Json.KeySummary, cancellation).ConfigureAwait(false);
    }

    /// <summary>The team's audit log, newest first.</summary>
    /// <param name="actor">Only changes by this caller, when given.</param>
    /// <param name="action">Only changes of this kind, when given.</param>
    /// <param name="outcome">Only <c>done</c>, <c>refused</c> or <c>failed</c> ones, when given.</param>
    /// <param name="before">Only entries before this number: <see cref="AuditPage.Next"/> of the page before.</param>
    /// <param name="limit">At most this many.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<AuditPage> GetAuditAsync(
        string? actor = null, string? action = null, string? outcome = null, long? before = null, int limit = 100, CancellationToken cancellation = default)
    {
        var query = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"limit={limit}") + Given("actor", actor) + Given("action", action) + Given("outcome", outcome)
            + Given("before", before?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return GetAsync($"api/audit?{query}", Json.AuditPage, cancellation);

        static string Given(string name, string? value) => string.IsNullOrEmpty(value) ? "" : $"&{name}={Uri.EscapeDataString(value)}";
    }

    private async Task SendAsync<T>(HttpMethod method, string path, T body, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body, type) };
        using var response = await http.SendAsync(request, cancellation).ConfigureAwait(false);
        await EnsureSuccessAsync(response, cancellation).ConfigureAwait(false);
    }
}
