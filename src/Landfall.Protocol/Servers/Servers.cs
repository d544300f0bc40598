namespace Landfall.Protocol.Servers;

/// <summary>The contents of <c>server.json</c> in a data folder, and the answer of <c>GET /api/server</c>.</summary>
/// <param name="Url">Where the server listens.</param>
/// <param name="ProcessId">Its process.</param>
/// <param name="Version">Its version.</param>
/// <param name="Epoch">The fencing epoch of its ownership of the data folder.</param>
/// <param name="StartedAt">Since when.</param>
public sealed record ServerInfo(string Url, int ProcessId, string Version, long Epoch, DateTimeOffset StartedAt);
