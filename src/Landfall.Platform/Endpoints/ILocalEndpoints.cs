namespace Landfall.Platform.Endpoints;

/// <summary>Language models that this server itself runs, as endpoints.</summary>
public interface ILocalEndpoints
{
    /// <summary>Those of the present caller's team, by name.</summary>
    IReadOnlyList<ChatEndpoint> List();

    /// <summary>Answers chat completion requests to them, without a network.</summary>
    HttpMessageHandler Handler { get; }
}
