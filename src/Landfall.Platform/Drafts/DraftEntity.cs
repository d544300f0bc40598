using Landfall.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Landfall.Platform.Drafts;

/// <summary>A brief with its files that lives on the server.</summary>
public sealed class DraftEntity : ITeamOwned
{
    public required string Id { get; set; }

    public string Team { get; set; } = "";

    /// <summary>Raised by every change; a change of an older one is refused.</summary>
    public long Revision { get; set; }

    public required string Text { get; set; }

    /// <summary>JSON of <see cref="Protocol.Briefs.FileReference"/> by path.</summary>
    public required string FilesJson { get; set; }

    /// <summary>JSON of <see cref="Protocol.Drafts.DraftSource"/>, or null.</summary>
    public string? SourceJson { get; set; }

    /// <summary>JSON of sentences.</summary>
    public required string AssumptionsJson { get; set; }

    /// <summary>The app that it is a copy of.</summary>
    public string? CopyOf { get; set; }

    public DateTimeOffset ChangedAt { get; set; }

    public required string ChangedBy { get; set; }
}

internal sealed class DraftEntityConfiguration : IEntityTypeConfiguration<DraftEntity>
{
    public void Configure(EntityTypeBuilder<DraftEntity> builder)
    {
        builder.ToTable("drafts").HasKey(e => e.Id);
        builder.Property(e => e.Revision).IsConcurrencyToken();
        builder.HasIndex(e => e.Team);
    }
}
