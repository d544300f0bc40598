using Landfall.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Landfall.Platform.Models;

/// <summary>A model of the registry. Its files are blobs.</summary>
public sealed class ModelEntity : ITeamOwned
{
    public string Team { get; set; } = "";

    public required string Name { get; set; }

    /// <summary>The sha256 over its files' names and hashes.</summary>
    public required string Hash { get; set; }

    /// <summary>JSON of its <see cref="Protocol.Models.ModelSummary"/>.</summary>
    public required string SummaryJson { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

internal sealed class ModelEntityConfiguration : IEntityTypeConfiguration<ModelEntity>
{
    public void Configure(EntityTypeBuilder<ModelEntity> builder)
    {
        builder.ToTable("models").HasKey(e => new { e.Team, e.Name });
        builder.HasIndex(e => new { e.Team, e.Hash });
    }
}
