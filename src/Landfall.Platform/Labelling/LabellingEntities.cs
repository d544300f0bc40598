using Landfall.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Landfall.Platform.Labelling;

/// <summary>A labelling of a dataset version.</summary>
public sealed class LabellingEntity : ITeamOwned
{
    public required string Id { get; set; }

    public string Team { get; set; } = "";

    public required string Dataset { get; set; }

    public required string Version { get; set; }

    public long Rows { get; set; }

    public required string SchemaJson { get; set; }

    public int Overlap { get; set; }

    public required string By { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public string? ExportedVersion { get; set; }
}

/// <summary>A row that an annotator is looking at. A row has as many slots as it needs labels, so that two annotators get it only where two are wanted.</summary>
public sealed class LabelClaimEntity : ITeamOwned
{
    public required string Labelling { get; set; }

    public int Row { get; set; }

    public int Slot { get; set; }

    public string Team { get; set; } = "";

    public required string Annotator { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }
}

/// <summary>An entry of a labelling's history; never changed, never removed.</summary>
public sealed class LabelEventEntity : ITeamOwned
{
    public required string Labelling { get; set; }

    public long Seq { get; set; }

    public string Team { get; set; } = "";

    public int Row { get; set; }

    public required string Annotator { get; set; }

    public required string Action { get; set; }

    public string? Value { get; set; }

    public required string By { get; set; }

    public DateTimeOffset At { get; set; }
}

internal sealed class LabellingEntityConfiguration
    : IEntityTypeConfiguration<LabellingEntity>, IEntityTypeConfiguration<LabelClaimEntity>, IEntityTypeConfiguration<LabelEventEntity>
{
    public void Configure(EntityTypeBuilder<LabellingEntity> builder)
    {
        builder.ToTable("labellings").HasKey(e => e.Id);
        builder.HasIndex(e => new { e.Team, e.CreatedAt });
    }

    public void Configure(EntityTypeBuilder<LabelClaimEntity> builder) => builder.ToTable("label_claims").HasKey(e => new { e.Labelling, e.Row, e.Slot });

    public void Configure(EntityTypeBuilder<LabelEventEntity> builder) => builder.ToTable("label_events").HasKey(e => new { e.Labelling, e.Seq });
}
