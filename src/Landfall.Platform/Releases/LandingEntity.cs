using Landfall.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Landfall.Platform.Releases;

/// <summary>A finished landing.</summary>
public sealed class LandingEntity : ITeamOwned
{
    public string Team { get; set; } = "";

    public required string App { get; set; }

    /// <summary>Counts the app's landings, from 1.</summary>
    public int Number { get; set; }

    public required string RunId { get; set; }

    public required string Brief { get; set; }

    /// <summary>The report, as a blob.</summary>
    public required string ReportSha256 { get; set; }

    public required string LandedBy { get; set; }

    public DateTimeOffset LandedAt { get; set; }
}

internal sealed class LandingEntityConfiguration : IEntityTypeConfiguration<LandingEntity>
{
    public void Configure(EntityTypeBuilder<LandingEntity> builder)
    {
        builder.ToTable("landings").HasKey(e => new { e.Team, e.App, e.Number });
        builder.HasIndex(e => new { e.Team, e.App, e.RunId }).IsUnique();
    }
}
