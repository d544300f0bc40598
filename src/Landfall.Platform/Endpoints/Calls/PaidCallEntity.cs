using Landfall.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Landfall.Platform.Endpoints.Calls;

/// <summary>A call of an endpoint: written before it is made, and again when it has been answered.</summary>
public sealed class PaidCallEntity : ITeamOwned
{
    /// <summary>The hash of team, endpoint, model, the exact request, and the repeat.</summary>
    public required string Identity { get; set; }

    public string Team { get; set; } = "";

    public required string Endpoint { get; set; }

    public required string Model { get; set; }

    public int Repeat { get; set; }

    /// <summary>What it was made for first.</summary>
    public required string Purpose { get; set; }

    /// <summary>The run that paid for it.</summary>
    public string? Run { get; set; }

    /// <summary><c>asked</c>, <c>answered</c> or <c>failed</c>.</summary>
    public required string State { get; set; }

    public DateTimeOffset AskedAt { get; set; }

    public DateTimeOffset? AnsweredAt { get; set; }

    public int Attempts { get; set; }

    /// <summary>The exact request body, compressed (<see cref="PackedText"/>).</summary>
    public required byte[] Request { get; set; }

    /// <summary>The exact answer, compressed.</summary>
    public byte[]? Response { get; set; }

    public bool IsStream { get; set; }

    public long PromptTokens { get; set; }

    public long CompletionTokens { get; set; }

    public double CostUsd { get; set; }

    public string? UsageNote { get; set; }

    public double LatencyMs { get; set; }

    public string? Error { get; set; }
}

internal sealed class PaidCallConfiguration : IEntityTypeConfiguration<PaidCallEntity>
{
    public void Configure(EntityTypeBuilder<PaidCallEntity> builder)
    {
        builder.ToTable("paid_calls").HasKey(e => e.Identity);
        builder.HasIndex(e => new { e.Team, e.Run });
        builder.HasIndex(e => new { e.Team, e.AskedAt });
    }
}
