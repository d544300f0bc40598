using System.Text.Json.Serialization;

namespace Landfall.Protocol.Access;

/// <summary>What a caller may do in a team; each role may do all that those before it may.</summary>
[JsonConverter(typeof(KebabEnumConverter<TeamRole>))]
public enum TeamRole
{
    /// <summary>Reads and asks.</summary>
    Viewer,

    /// <summary>Changes data, prompts, labels and briefs, and lands apps.</summary>
    Editor,

    /// <summary>Decides what takes traffic, and stops what others started.</summary>
    Operator,

    /// <summary>Manages users, teams and keys.</summary>
    Admin,
}

/// <summary>Who is calling, and what for.</summary>
/// <param name="Name">The user, <c>key:</c> and the key's name, or <c>local</c>.</param>
/// <param name="Team">The team whose things are seen.</param>
/// <param name="Role">The caller's role in it.</param>
/// <param name="IsOwner">Whether the caller manages the whole installation.</param>
/// <param name="IsSession">Whether the caller has signed in, and so can sign out.</param>
/// <param name="IsOpen">Whether there are no users yet: whoever works on this machine is the local admin.</param>
/// <param name="Teams">The teams that the caller can choose.</param>
public sealed record SessionInfo(string Name, string Team, TeamRole Role, bool IsOwner, bool IsSession, bool IsOpen, IReadOnlyList<string> Teams);

/// <summary>A user in a team.</summary>
/// <param name="Name">What they sign in with.</param>
/// <param name="Role">Their role in the team.</param>
/// <param name="IsOwner">Whether they manage the whole installation.</param>
/// <param name="CreatedAt">Since when they exist.</param>
/// <param name="LastSignInAt">When they last signed in.</param>
public sealed record UserSummary(string Name, TeamRole Role, bool IsOwner, DateTimeOffset CreatedAt, DateTimeOffset? LastSignInAt);

/// <summary>Adds a user to the team; one that does not exist yet is made, and needs a password.</summary>
public sealed record AddUserRequest
{
    /// <summary>1 to 64 letters, digits, and <c>. _ @ -</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The role in the team.</summary>
    public TeamRole Role { get; init; }

    /// <summary>10 to 256 characters; left out for a user who exists already.</summary>
    public string? Password { get; init; }

    /// <summary>Whether they manage the whole installation; only owners can say so. The first user always does.</summary>
    public bool IsOwner { get; init; }
}

/// <summary>Gives a user of the team another role.</summary>
public sealed record ChangeRoleRequest
{
    /// <summary>The new role.</summary>
    public required TeamRole Role { get; init; }
}

/// <summary>Sets a user's password; their sessions end.</summary>
public sealed record SetPasswordRequest
{
    /// <summary>10 to 256 characters.</summary>
    public required string Password { get; init; }
}

/// <summary>Changes the caller's own password; their other sessions end.</summary>
public sealed record ChangePasswordRequest
{
    /// <summary>The password so far.</summary>
    public required string Current { get; init; }

    /// <summary>10 to 256 characters.</summary>
    public required string Password { get; init; }
}

/// <summary>A team that the caller can choose.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Role">The caller's role in it.</param>
/// <param name="CreatedAt">Since when it exists; null for <c>default</c>, which always does.</param>
public sealed record TeamSummary(string Name, TeamRole Role, DateTimeOffset? CreatedAt);

/// <summary>Makes a team.</summary>
public sealed record CreateTeamRequest
{
    /// <summary>1 to 40 lower-case letters, digits and hyphens.</summary>
    public required string Name { get; init; }
}

/// <summary>An API key, without its secret.</summary>
public sealed record KeySummary
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>What it is for.</summary>
    public required string Name { get; init; }

    /// <summary>How its secret begins.</summary>
    public required string Prefix { get; init; }

    /// <summary>The role it has in its team.</summary>
    public required TeamRole Role { get; init; }

    /// <summary>Whether it is good for <c>/v1</c> alone.</summary>
    public required bool GatewayOnly { get; init; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ends.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was revoked, if it was.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>When it was last used, to the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }
}

/// <summary>Makes an API key for the team.</summary>
public sealed record CreateKeyRequest
{
    /// <summary>What it is for: 1 to 100 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The role it has.</summary>
    public TeamRole Role { get; init; }

    /// <summary>Good for <c>/v1</c> alone.</summary>
    public bool GatewayOnly { get; init; }

    /// <summary>Days until it ends: 1 to 3650; 90 when left out.</summary>
    public int? ExpiresInDays { get; init; }
}

/// <summary>A new key. Its secret is shown this once.</summary>
/// <param name="Key">The key.</param>
/// <param name="Secret">What clients send as a bearer token.</param>
public sealed record CreatedKey(KeySummary Key, string Secret);

/// <summary>A change, or an attempt at one.</summary>
/// <param name="Id">Its number; higher is later.</param>
/// <param name="At">When.</param>
/// <param name="Team">In which team.</param>
/// <param name="Actor">Who: a user, a key, <c>local</c>, or <c>nobody</c> who could be named.</param>
/// <param name="Action">What: the endpoint's name in the OpenAPI document.</param>
/// <param name="Subject">On what: the endpoint's path.</param>
/// <param name="From">The caller's network address.</param>
/// <param name="Outcome"><c>done</c>, <c>refused</c> (401, 403, 429), or <c>failed</c>.</param>
/// <param name="Status">The answer's HTTP status.</param>
public sealed record AuditEntry(long Id, DateTimeOffset At, string Team, string Actor, string Action, string Subject, string From, string Outcome, int Status);

/// <summary>A page of the audit log, newest first.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="Next">Where the next page begins (<c>before</c>); null at the end.</param>
public sealed record AuditPage(IReadOnlyList<AuditEntry> Entries, long? Next);
