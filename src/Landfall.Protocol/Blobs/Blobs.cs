namespace Landfall.Protocol.Blobs;

/// <summary>The answer of <c>POST /api/blobs</c>: what was stored, under which name.</summary>
/// <param name="Sha256">Lower-case hex: the blob's name.</param>
/// <param name="Size">Bytes.</param>
public sealed record UploadedBlob(string Sha256, long Size);
