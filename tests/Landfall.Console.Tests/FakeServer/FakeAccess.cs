using Landfall.Protocol.Access;

namespace Landfall.Console.Tests.FakeServer;

/// <summary>Users, keys and an audit log to look at.</summary>
internal static class FakeAccess
{
    private static readonly DateTimeOffset Day = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);

    /// <summary>A machine of one's own, without users.</summary>
    public static SessionInfo Open { get; } = new("local", "default", TeamRole.Admin, IsOwner: true, IsSession: false, IsOpen: true, ["default"]);

    /// <summary>Somebody who has signed in and is in two teams.</summary>
    public static SessionInfo SignedIn { get; } = new("anna", "default", TeamRole.Admin, IsOwner: true, IsSession: true, IsOpen: false, ["default", "lab"]);

    public static IReadOnlyList<UserSummary> Users { get; } =
    [
        new("anna", TeamRole.Admin, IsOwner: true, Day, Day.AddDays(2)),
        new("李雷", TeamRole.Editor, IsOwner: false, Day.AddDays(1), LastSignInAt: null),
    ];

    public static IReadOnlyList<KeySummary> Keys { get; } =
    [
        Key("01", "web shop", gatewayOnly: true) with { LastUsedAt = Day.AddDays(3) },
        Key("02", "nightly landing", gatewayOnly: false) with { RevokedAt = Day.AddDays(1) },
    ];

    public static CreatedKey Created { get; } = new(Key("03", "new one", gatewayOnly: false), "lf_shown-this-once");

    public static AuditPage Audit { get; } = new(
        [
            new AuditEntry(7, Day.AddDays(3), "default", "anna", "CreateKey", "/api/keys", "192.0.2.7", "done", 200),
            new AuditEntry(6, Day.AddDays(2), "default", "key:web shop", "Land", "/api/landings", "192.0.2.9", "refused", 403),
        ],
        Next: 6);

    private static KeySummary Key(string id, string name, bool gatewayOnly) => new()
    {
        Id = id,
        Name = name,
        Prefix = "lf_AbCdEfG",
        Role = TeamRole.Viewer,
        GatewayOnly = gatewayOnly,
        CreatedBy = "anna",
        CreatedAt = Day,
        ExpiresAt = Day.AddDays(90),
    };
}
