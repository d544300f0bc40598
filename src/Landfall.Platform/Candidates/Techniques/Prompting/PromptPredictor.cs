using Landfall.Platform.Datasets;
using Landfall.Platform.Endpoints;

namespace Landfall.Platform.Candidates.Techniques.Prompting;

/// <summary>A chosen prompt that is asked. The endpoint is looked up at each question: its key or address may have been mended meanwhile.</summary>
internal sealed class PromptPredictor : IPredictor
{
    private readonly PromptArtifact _artifact;
    private readonly IChatEndpoints _endpoints;
    private readonly ExamplePool _examples;
    private readonly AnswerReading _reading;
    private readonly Lock _gate = new();
    private (ChatEndpoint Endpoint, PromptAsker Asker)? _open;

    public PromptPredictor(PromptArtifact artifact, IChatEndpoints endpoints)
    {
        (_artifact, _endpoints) = (artifact, endpoints);
        _examples = new ExamplePool([.. artifact.Rows.Select((r, i) => new Row($"{i}", r[0], r[1], new Dictionary<string, string>(StringComparer.Ordinal)))]);
        _reading = new AnswerReading(artifact.Output, artifact.Labels, artifact.Schema);
    }

    public int MaxParallel => Math.Max(2, _endpoints.Find(_artifact.Endpoint)?.MaxParallel ?? 2);

    public async ValueTask<Answer> AnswerAsync(Question question, CancellationToken cancellation) =>
        await Asker().AskAsync(new PromptForm(_artifact.Instruction, _artifact.Examples), question, cancellation).ConfigureAwait(false);

    public void Dispose()
    {
        // The endpoint's client is shared.
    }

    private PromptAsker Asker()
    {
        var endpoint = _endpoints.Find(_artifact.Endpoint);
        if (endpoint?.Identity != _artifact.EndpointIdentity)
        {
            var model = _artifact.EndpointIdentity.Replace('\n', ' ');
            throw new EndpointException(
                EndpointFailure.Unreachable,
                endpoint is null
                    ? $"The endpoint '{_artifact.Endpoint}' ({model}), which this prompt was chosen for, is not set any more. Set it again, or land the app anew."
                    : $"The endpoint '{_artifact.Endpoint}' is another one than the prompt was chosen for ({model}). Set it back, or land the app anew.");
        }

        lock (_gate)
        {
            if (_open?.Endpoint is not { } before || !ReferenceEquals(_endpoints.Open(before), _endpoints.Open(endpoint)))
            {
                _open = (endpoint, new PromptAsker(_endpoints.Open(endpoint), _examples, _reading));
            }

            return _open!.Value.Asker;
        }
    }
}
