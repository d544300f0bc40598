using Landfall.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Landfall.Platform.Access;

/// <summary>A team besides <c>default</c>, which is always there.</summary>
public sealed class TeamEntity
{
    public required string Name { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>Somebody who can sign in.</summary>
public sealed class UserEntity
{
    public required string Id { get; set; }

    public required string Name { get; set; }

    /// <summary>The name without regard to case, unique.</summary>
    public required string Key { get; set; }

    /// <summary>See <see cref="Access.PasswordHash"/>.</summary>
    public required string PasswordHash { get; set; }

    /// <summary>Whether the user manages the whole installation, as an admin of every team.</summary>
    public bool IsOwner { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? LastSignInAt { get; set; }
}

/// <summary>A user's role in a team.</summary>
public sealed class MembershipEntity
{
    public required string UserId { get; set; }

    public required string Team { get; set; }

    public Role Role { get; set; }
}

/// <summary>An API key: only the hash of its secret is kept.</summary>
public sealed class ApiKeyEntity : ITeamOwned
{
    public required string Id { get; set; }

    public string Team { get; set; } = Caller.Current.Team;

    public required string Name { get; set; }

    public required string Prefix { get; set; }

    public required string Sha256 { get; set; }

    public Role Role { get; set; }

    public bool GatewayOnly { get; set; }

    public required string CreatedBy { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    public DateTimeOffset? LastUsedAt { get; set; }
}

/// <summary>A signed-in browser: only the hash of its token is kept.</summary>
public sealed class SessionEntity
{
    public required string Sha256 { get; set; }

    public required string UserId { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }
}

/// <summary>The one code that may make the first user; there is none once it was used.</summary>
public sealed class FirstAdminCodeEntity
{
    public int Id { get; set; }

    public required string Sha256 { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }
}

/// <summary>A line of the audit log.</summary>
public sealed class AuditEntity : ITeamOwned
{
    public long Id { get; set; }

    public string Team { get; set; } = Caller.Current.Team;

    public DateTimeOffset At { get; set; }

    public required string Actor { get; set; }

    public required string Action { get; set; }

    public required string Subject { get; set; }

    public required string Origin { get; set; }

    public int Status { get; set; }
}

internal sealed class AccessConfiguration :
    IEntityTypeConfiguration<TeamEntity>, IEntityTypeConfiguration<UserEntity>, IEntityTypeConfiguration<MembershipEntity>,
    IEntityTypeConfiguration<ApiKeyEntity>, IEntityTypeConfiguration<SessionEntity>, IEntityTypeConfiguration<FirstAdminCodeEntity>,
    IEntityTypeConfiguration<AuditEntity>
{
    public void Configure(EntityTypeBuilder<TeamEntity> builder) => builder.ToTable("teams").HasKey(e => e.Name);

    public void Configure(EntityTypeBuilder<UserEntity> builder)
    {
        builder.ToTable("users").HasKey(e => e.Id);
        builder.HasIndex(e => e.Key).IsUnique();
    }

    public void Configure(EntityTypeBuilder<MembershipEntity> builder)
    {
        builder.ToTable("memberships").HasKey(e => new { e.UserId, e.Team });
        builder.HasIndex(e => e.Team);
        builder.Property(e => e.Role).HasConversion<string>();
    }

    public void Configure(EntityTypeBuilder<ApiKeyEntity> builder)
    {
        builder.ToTable("api_keys").HasKey(e => e.Id);
        builder.HasIndex(e => e.Sha256).IsUnique();
        builder.HasIndex(e => e.Team);
        builder.Property(e => e.Role).HasConversion<string>();
    }

    public void Configure(EntityTypeBuilder<SessionEntity> builder)
    {
        builder.ToTable("sessions").HasKey(e => e.Sha256);
        builder.HasIndex(e => e.UserId);
    }

    public void Configure(EntityTypeBuilder<FirstAdminCodeEntity> builder)
    {
        builder.ToTable("first_admin_code").HasKey(e => e.Id);
        builder.Property(e => e.Id).ValueGeneratedNever();
    }

    public void Configure(EntityTypeBuilder<AuditEntity> builder)
    {
        builder.ToTable("audit").HasKey(e => e.Id);
        builder.HasIndex(e => new { e.Team, e.Id });
    }
}
