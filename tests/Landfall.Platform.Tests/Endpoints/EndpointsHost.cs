using Landfall.Platform.Endpoints;
using Landfall.Platform.Endpoints.Calls;
using Landfall.Platform.Storage;
using Landfall.StubEndpoint;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Landfall.Platform.Tests.Endpoints;

/// <summary>The endpoints of one server on a data folder, with a stub as the endpoint <c>stub</c>.</summary>
internal sealed class EndpointsHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly bool _ownsFolder;

    private EndpointsHost(StubServer stub, string folder, bool ownsFolder, IReadOnlyDictionary<string, string?> settings)
    {
        (Stub, Folder, _ownsFolder) = (stub, folder, ownsFolder);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(stub.Environment().Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)))
            .AddInMemoryCollection(settings)
            .Build();
        var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration);
        services.AddStorage(folder).AddEndpoints(folder);
        _services = services.BuildServiceProvider();
    }

    public StubServer Stub { get; }

    public string Folder { get; }

    public IChatEndpoints Endpoints => Get<IChatEndpoints>();

    public PaidCallStore Calls => Get<PaidCallStore>();

    public ChatEndpoint Endpoint => Endpoints.Find("stub")!;

    public static async Task<EndpointsHost> StartAsync(StubServer stub, string? folder = null, params (string Name, string? Value)[] settings)
    {
        var own = folder is null;
        folder ??= Directory.CreateTempSubdirectory("landfall-endpoints").FullName;
        var host = new EndpointsHost(stub, folder, own, settings.ToDictionary(s => s.Name, s => s.Value, StringComparer.Ordinal));
        await DatabaseStartup.ClaimAsync(host.Get<IDbContextFactory<LandfallDatabase>>(), host.Get<ServerFence>(), CancellationToken.None);
        return host;
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Asks the stub.</summary>
    public Task<ChatResponse> AskAsync(string text, ChatOptions? options = null, CancellationToken cancellation = default) =>
        Endpoints.Open(Endpoint).GetResponseAsync([new ChatMessage(ChatRole.User, text)], options, cancellation);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        SqliteConnection.ClearAllPools();
        if (_ownsFolder)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
