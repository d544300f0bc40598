namespace Landfall.Postgres;

/// <summary>
/// Ends the shared server with the tests of an assembly. A handler of the process's exit would not do: the test runner
/// kills a process that is not gone ten seconds after its last test, which a busy machine needs.
/// </summary>
public sealed class SharedPostgres : IAsyncDisposable
{
    public ValueTask DisposeAsync() => PostgresCluster.EndSharedAsync();
}
