namespace Landfall.Platform.Access;

/// <summary>Secrets of one server's life, never stored in the database.</summary>
public sealed class ServerSecrets
{
    /// <summary>Written into the data folder's <c>server.json</c>: who can read it owns the folder, and is the local admin.</summary>
    public string Local { get; } = AccessTokens.Create(AccessTokens.Local);

    /// <summary>Sent by the console within this process, so that its calls can say whose browser they are for.</summary>
    public string Console { get; } = AccessTokens.Create();
}
