using Landfall.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Landfall.Platform.Datasets.Cleaning;

/// <summary>A proposal; its changes are blobs, one per step, that never change.</summary>
public sealed class CleaningEntity : ITeamOwned
{
    /// <summary>The run that made it.</summary>
    public required string Id { get; set; }

    public string Team { get; set; } = "";

    public required string Dataset { get; set; }

    public required string Version { get; set; }

    public string? TestVersion { get; set; }

    public long Rows { get; set; }

    /// <summary>JSON of the steps' <see cref="CleaningPart"/>s.</summary>
    public required string PartsJson { get; set; }

    public required string By { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public string? AppliedVersion { get; set; }
}

/// <summary>A reviewer's decision on one change or many. Decisions are never changed: of those that cover a change the last one holds.</summary>
public sealed class CleaningDecisionEntity : ITeamOwned
{
    public required string Cleaning { get; set; }

    public long Seq { get; set; }

    public string Team { get; set; } = "";

    public required string Verdict { get; set; }

    public int? Change { get; set; }

    public string? Step { get; set; }

    public double? MinConfidence { get; set; }

    public required string By { get; set; }

    public DateTimeOffset At { get; set; }
}

/// <summary>What a step found.</summary>
/// <param name="Step">Its name.</param>
/// <param name="Sha256">The blob of its changes, a line of JSON each.</param>
/// <param name="Changes">Their number.</param>
/// <param name="Note">What it did not look at.</param>
public sealed record CleaningPart(string Step, string Sha256, int Changes, string? Note);

internal sealed class CleaningEntityConfiguration : IEntityTypeConfiguration<CleaningEntity>, IEntityTypeConfiguration<CleaningDecisionEntity>
{
    public void Configure(EntityTypeBuilder<CleaningEntity> builder)
    {
        builder.ToTable("cleanings").HasKey(e => e.Id);
        builder.HasIndex(e => new { e.Team, e.CreatedAt });
    }

    public void Configure(EntityTypeBuilder<CleaningDecisionEntity> builder) => builder.ToTable("cleaning_decisions").HasKey(e => new { e.Cleaning, e.Seq });
}
