using System.Collections.Concurrent;
using Landfall.Platform.Storage;

namespace Landfall.Platform.Candidates;

/// <summary>Loaded candidates by hash. A release stays loaded; loading happens once however many ask at the same time.</summary>
public sealed class PredictorCache(CandidateStore candidates, BlobStore blobs, IEnumerable<ITechnique> techniques) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Task<IPredictor>>> _loaded = new(StringComparer.Ordinal);

    /// <summary>The candidate's predictor.</summary>
    /// <exception cref="InvalidOperationException">The candidate, or its technique, is unknown.</exception>
    public async Task<IPredictor> GetAsync(string candidateHash, CancellationToken cancellation)
    {
        var loading = _loaded.GetOrAdd(candidateHash, hash => new Lazy<Task<IPredictor>>(() => LoadAsync(hash)));
        try
        {
            return await loading.Value.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch when (loading.Value.IsFaulted)
        {
            _loaded.TryRemove(KeyValuePair.Create(candidateHash, loading));
            throw;
        }
    }

    /// <summary>A predictor of the caller's own, which the caller disposes of: for candidates that are asked once.</summary>
    /// <exception cref="InvalidOperationException">The candidate, or its technique, is unknown.</exception>
    public Task<IPredictor> LoadAsync(string candidateHash, CancellationToken cancellation) => LoadAsync(candidateHash).WaitAsync(cancellation);

    public void Dispose()
    {
        foreach (var loading in _loaded.Values)
        {
            if (loading.IsValueCreated && loading.Value.IsCompletedSuccessfully)
            {
                loading.Value.Result.Dispose();
            }
        }
    }

    private async Task<IPredictor> LoadAsync(string hash)
    {
        var candidate = await candidates.FindAsync(hash, CancellationToken.None).ConfigureAwait(false)
            ?? throw new InvalidOperationException($"There is no candidate {hash}.");
        var technique = techniques.FirstOrDefault(t => t.Name == candidate.Technique)
            ?? throw new InvalidOperationException($"This release of Landfall has no technique '{candidate.Technique}'.");
        var artifact = blobs.Open(candidate.ArtifactSha256);
        await using (artifact.ConfigureAwait(false))
        {
            return technique.Load(artifact);
        }
    }
}
