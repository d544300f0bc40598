using Landfall.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Landfall.Platform.Prompts;

/// <summary>A version of a prompt. It never changes.</summary>
public sealed class PromptVersionEntity : ITeamOwned
{
    public string Team { get; set; } = "";

    public required string Name { get; set; }

    public required string Hash { get; set; }

    /// <summary>1 for the first.</summary>
    public int Number { get; set; }

    public required string Text { get; set; }

    public required string Note { get; set; }

    public required string CreatedBy { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>A label, such as <c>production</c>, and the version it is on.</summary>
public sealed class PromptLabelEntity : ITeamOwned
{
    public string Team { get; set; } = "";

    public required string Name { get; set; }

    public required string Label { get; set; }

    public required string Hash { get; set; }
}

/// <summary>Who did what to a prompt, and when.</summary>
public sealed class PromptEventEntity : ITeamOwned
{
    public long Id { get; set; }

    public string Team { get; set; } = "";

    public required string Name { get; set; }

    public required string What { get; set; }

    public required string Hash { get; set; }

    public string? Label { get; set; }

    public string? Before { get; set; }

    public required string By { get; set; }

    public DateTimeOffset At { get; set; }
}

internal sealed class PromptVersionConfiguration : IEntityTypeConfiguration<PromptVersionEntity>
{
    public void Configure(EntityTypeBuilder<PromptVersionEntity> builder)
    {
        builder.ToTable("prompt_versions").HasKey(e => new { e.Team, e.Name, e.Hash });
        builder.HasIndex(e => new { e.Team, e.Name, e.Number }).IsUnique();
    }
}

internal sealed class PromptLabelConfiguration : IEntityTypeConfiguration<PromptLabelEntity>
{
    public void Configure(EntityTypeBuilder<PromptLabelEntity> builder) =>
        builder.ToTable("prompt_labels").HasKey(e => new { e.Team, e.Name, e.Label });
}

internal sealed class PromptEventConfiguration : IEntityTypeConfiguration<PromptEventEntity>
{
    public void Configure(EntityTypeBuilder<PromptEventEntity> builder)
    {
        builder.ToTable("prompt_events").HasKey(e => e.Id);
        builder.HasIndex(e => new { e.Team, e.Name });
    }
}
