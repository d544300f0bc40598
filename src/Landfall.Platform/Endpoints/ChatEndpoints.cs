using System.ClientModel;
using System.ClientModel.Primitives;
using System.Collections.Concurrent;
using Landfall.Platform.Endpoints.Calls;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using OpenAI;

namespace Landfall.Platform.Endpoints;

/// <summary>Endpoints of the environment, of the settings file, models that this server runs, and an Ollama on this machine.</summary>
internal sealed class ChatEndpoints(
    IConfiguration settings, EndpointFile file, PaidCallStore calls, TimeProvider time, ILogger<ChatEndpoints> logger, IEnumerable<ILocalEndpoints> locals) : IChatEndpoints, IDisposable
{
    /// <summary>The setting that names the default endpoint; <c>none</c>: nothing is looked for that is not set.</summary>
    public const string DefaultSetting = "LANDFALL_ENDPOINT";

    /// <summary>The source of endpoints that are models of this server.</summary>
    public const string LocalSource = "local";

    private readonly ConcurrentDictionary<string, Lazy<IChatClient>> _open = new(StringComparer.Ordinal);

    // No redirects: an endpoint is where its settings say, and nowhere else.
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    });

    private readonly ILocalEndpoints? _local = locals.FirstOrDefault();
    private OllamaProbe? _ollama;

    public IReadOnlyList<string> Problems
    {
        get
        {
            var problems = new List<string>();
            Configured(problems);
            return problems;
        }
    }

    private string? Default => settings[DefaultSetting];

    public IReadOnlyList<ChatEndpoint> List()
    {
        var configured = WithLocal(Configured([]));
        return Ollama() is { } ollama && configured.All(e => e.Name != ollama.Name) ? Ordered([.. configured, ollama]) : Ordered(configured);
    }

    public ChatEndpoint? Find(string? name)
    {
        name ??= Default is "none" ? null : Default;
        var configured = Configured([]);

        // What is imported is asked where nothing else is set, but not against the setting that says so.
        configured = name is null && Default is "none" ? configured : WithLocal(configured);
        var found = name is null ? configured.FirstOrDefault() : configured.FirstOrDefault(e => e.Name == name);
        return found ?? (name is null or OllamaProbe.Name ? Ollama() : null);
    }

    public IChatClient Open(ChatEndpoint endpoint) =>
        _open.GetOrAdd(KeyOf(endpoint), _ => new Lazy<IChatClient>(() => Connect(endpoint))).Value;

    public void Dispose()
    {
        foreach (var client in _open.Values.Where(c => c.IsValueCreated))
        {
            client.Value.Dispose();
        }

        _http.Dispose();
    }

    private IReadOnlyList<ChatEndpoint> Ordered(IReadOnlyList<ChatEndpoint> endpoints) => [.. endpoints.OrderBy(e => e.Name == Default ? 0 : 1)];

    private List<ChatEndpoint> Configured(ICollection<string> problems)
    {
        var found = EnvironmentEndpoints.Read(settings, problems).ToList();
        try
        {
            foreach (var stored in file.Read().Where(s => found.TrueForAll(e => e.Name != s.Name)))
            {
                var (key, problem) = file.KeyOf(stored, name => settings[name]);
                if (problem is null && EndpointChecks.TryAddress(stored.Address, out var address, out problem))
                {
                    found.Add(From(stored, address, key));
                }
                else
                {
                    problems.Add($"The endpoint '{stored.Name}' of the settings is left out: {problem}");
                }
            }
        }
        catch (InvalidDataException error)
        {
            logger.BadSetting(error.Message);
            problems.Add(error.Message);
        }

        return found;
    }

    /// <summary>What is set goes before a model of the same name.</summary>
    private List<ChatEndpoint> WithLocal(List<ChatEndpoint> configured) =>
        [.. configured, .. (_local?.List() ?? []).Where(l => configured.TrueForAll(e => e.Name != l.Name))];

    private static ChatEndpoint From(StoredEndpoint stored, Uri address, Secret key) => new()
    {
        Name = stored.Name,
        Address = address,
        Model = stored.Model,
        Key = key,
        InputPrice = stored.InputPrice,
        OutputPrice = stored.OutputPrice,
        Timeout = TimeSpan.FromSeconds(stored.TimeoutSeconds ?? 60),
        MaxParallel = stored.MaxParallel ?? 8,
        Source = "settings",
    };

    private ChatEndpoint? Ollama()
    {
        if (Default == "none")
        {
            return null;
        }

        var host = settings["OLLAMA_HOST"] is { Length: > 0 } set && EndpointChecks.TryAddress(set.Contains("://", StringComparison.Ordinal) ? set : $"http://{set}", out var address, out _)
            ? address
            : new Uri("http://127.0.0.1:11434");
        return (_ollama ??= new OllamaProbe(_http, time)).Find(new Uri(host, "/"));
    }

    /// <summary>One client for the same settings: its limit of calls at a time is the endpoint's.</summary>
    private static string KeyOf(ChatEndpoint e) =>
        $"{e.Name}\n{e.Identity}\n{e.Key.Reveal()}\n{e.InputPrice}\n{e.OutputPrice}\n{e.Timeout}\n{e.MaxParallel}";

    private ReceiptChatClient Connect(ChatEndpoint endpoint)
    {
        var http = _local is not null && endpoint.Source == LocalSource ? new HttpMessageInvoker(_local.Handler, disposeHandler: false) : _http;
        var ledger = new LedgerHandler(endpoint, new EndpointSender(http, endpoint, time, logger), calls, time);
        var options = new OpenAIClientOptions
        {
            Endpoint = endpoint.Address,
            Transport = new HttpClientPipelineTransport(new HttpClient(ledger) { Timeout = Timeout.InfiniteTimeSpan }),
            // Our own layers retry and end: they know what a whole answer is, and what has been paid for.
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
        };
        var key = new ApiKeyCredential(endpoint.Key.IsSet ? endpoint.Key.Reveal()! : "none");
        return new ReceiptChatClient(new OpenAIClient(key, options).GetChatClient(endpoint.Model).AsIChatClient());
    }
}
