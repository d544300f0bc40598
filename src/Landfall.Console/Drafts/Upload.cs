namespace Landfall.Console.Drafts;

/// <summary>A file on its way to the server, or there.</summary>
public sealed class Upload
{
    /// <summary>Unique on the page.</summary>
    public required int Id { get; init; }

    /// <summary>The name it has where it comes from.</summary>
    public required string Name { get; init; }

    /// <summary>Bytes.</summary>
    public required long Size { get; init; }

    /// <summary>Bytes sent.</summary>
    public long Sent { get; set; }

    /// <summary>Its hash, once it is there.</summary>
    public string? Sha256 { get; set; }

    /// <summary>Why it is not, and will not be.</summary>
    public string? Error { get; set; }

    /// <summary>Whether it is on its way.</summary>
    public bool IsRunning => Sha256 is null && Error is null;
}
