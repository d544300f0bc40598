using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Landfall.Console.Formatting;
using Landfall.Protocol;
using Landfall.Protocol.Errors;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;

namespace Landfall.Console.Layout;

/// <summary>
/// A page, or a part of one, that loads its content from the API. Prerendered, it hands what it loaded to the circuit, so that the first
/// interactive render shows the same; content over <see cref="LargestHandover"/> is loaded again instead.
/// </summary>
public abstract class ApiComponent : ComponentBase, IDisposable
{
    private const int LargestHandover = 128 << 10;
    private readonly CancellationTokenSource _leaving = new();
    private readonly List<PersistingComponentStateSubscription> _handovers = [];

    /// <summary>Begins the component's life.</summary>
    protected ApiComponent() => Leaving = _leaving.Token;

    /// <summary>The API.</summary>
    [Inject]
    protected LandfallClient Client { get; set; } = null!;

    /// <summary>Moments as text.</summary>
    [Inject]
    protected Clock Clock { get; set; } = null!;

    /// <summary>Time, for waits.</summary>
    [Inject]
    protected TimeProvider Time { get; set; } = null!;

    /// <summary>Why there is no content, or null.</summary>
    protected Exception? Failure { get; set; }

    /// <summary>Whether what was asked for does not exist.</summary>
    protected bool IsMissing => Failure is LandfallApiException { Code: ErrorCodes.NotFound };

    /// <summary>Ends when the component is left.</summary>
    protected CancellationToken Leaving { get; }

    [Inject]
    private PersistentComponentState Prerendered { get; set; } = null!;

    [CascadingParameter]
    private HttpContext? Request { get; set; }

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends what the component waits for.</summary>
    /// <param name="disposing">Always true.</param>
    protected virtual void Dispose(bool disposing)
    {
        _leaving.Cancel();
        _leaving.Dispose();
        _handovers.ForEach(handover => handover.Dispose());
    }

    /// <summary>Loads content, or takes over what was prerendered. On an error <see cref="Failure"/> is set and the answer is null.</summary>
    /// <param name="key">Names the content.</param>
    /// <param name="type">Its JSON form.</param>
    /// <param name="load">Asks the API.</param>
    protected async Task<T?> LoadAsync<T>(string key, JsonTypeInfo<T> type, Func<LandfallClient, CancellationToken, Task<T>> load)
        where T : class
    {
        if (Prerendered.TryTakeFromJson<byte[]>(key, out var handed) && handed is not null)
        {
            return JsonSerializer.Deserialize(handed, type);
        }

        var content = await AskAsync(load);
        if (content is not null && Request is not null && JsonSerializer.SerializeToUtf8Bytes(content, type) is { Length: <= LargestHandover } json)
        {
            _handovers.Add(Prerendered.RegisterOnPersisting(
                () =>
                {
                    Prerendered.PersistAsJson(key, json);
                    return Task.CompletedTask;
                },
                RenderMode.InteractiveServer));
        }

        return content;
    }

    /// <summary>Asks the API. On an error <see cref="Failure"/> is set and the answer is null.</summary>
    /// <param name="ask">Asks.</param>
    protected async Task<T?> AskAsync<T>(Func<LandfallClient, CancellationToken, Task<T>> ask)
        where T : class
    {
        try
        {
            var answer = await ask(Client, Leaving);
            Failure = null;
            return answer;
        }
        catch (Exception exception) when (exception is LandfallApiException or HttpRequestException or IOException or JsonException
            || (exception is OperationCanceledException && !Leaving.IsCancellationRequested))
        {
            Failure = exception;
            if (IsMissing && Request is { Response.HasStarted: false })
            {
                Request.Response.StatusCode = StatusCodes.Status404NotFound;
            }

            return null;
        }
    }
}
