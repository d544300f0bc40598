using Landfall.Platform.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Landfall.Platform.Tests.Storage.Stores;

/// <summary>Tests of one store on a database that a server has claimed. What holds of a store holds on every database.</summary>
public abstract class StoreTests(TestDatabase kind) : DatabaseTests(kind)
{
    private ServiceProvider? _services;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected ServerFence Fence => Get<ServerFence>();

    protected T Get<T>()
        where T : notnull => _services!.GetRequiredService<T>();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var services = new ServiceCollection().AddLogging();
        AddStores(services.AddStorage(Folder, Address));
        _services = services.BuildServiceProvider();
        await ClaimAsync(Fence);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        SqliteConnection.ClearAllPools();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Registers what is tested.</summary>
    protected abstract IServiceCollection AddStores(IServiceCollection services);

    /// <summary>Another server takes the database: nothing that the tested store writes may get through.</summary>
    protected Task SucceedAsync() => ClaimAsync(new ServerFence());

    /// <summary>Does the same at the same moment, eight times.</summary>
    protected static Task<T[]> AtOnceAsync<T>(Func<Task<T>> action) => Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(action)));

    /// <summary>Does the same at the same moment, eight times.</summary>
    protected static Task AtOnceAsync(Func<Task> action) => Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(action)));

    private Task ClaimAsync(ServerFence fence) => DatabaseStartup.ClaimAsync(Get<IDbContextFactory<LandfallDatabase>>(), fence, Cancellation);
}
