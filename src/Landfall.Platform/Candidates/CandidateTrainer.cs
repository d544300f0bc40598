using System.Diagnostics;
using Landfall.Platform.Storage;

namespace Landfall.Platform.Candidates;

/// <summary>Trains a candidate once, and finds it ever after.</summary>
public sealed class CandidateTrainer(CandidateStore candidates, BlobStore blobs)
{
    public async Task<bool> IsTrainedAsync(Candidate candidate, CancellationToken cancellation) =>
        await candidates.FindAsync(candidate.Hash, cancellation).ConfigureAwait(false) is not null;

    public async Task<StoredCandidate> TrainAsync(
        Candidate candidate, TrainingInput input, IProgress<double> progress, CancellationToken cancellation)
    {
        if (await candidates.FindAsync(candidate.Hash, cancellation).ConfigureAwait(false) is { } stored)
        {
            return stored;
        }

        var started = Stopwatch.GetTimestamp();
        using var memory = new PeakMemory();
        TrainedCandidate? trained = null;
        var artifact = await blobs.WriteAsync(
            async stream => trained = await candidate.Technique.TrainAsync(input with { CandidateHash = candidate.Hash }, stream, progress, cancellation).ConfigureAwait(false),
            cancellation).ConfigureAwait(false);
        var record = new TrainingRecord(
            Stopwatch.GetElapsedTime(started).TotalSeconds, trained!.PeakMemoryBytes ?? memory.Bytes, trained.TrainedParameters, blobs.Size(artifact) + trained.FileBytes, trained.CostUsd, trained.Notes);
        var result = new StoredCandidate(candidate.Hash, candidate.Technique.Name, artifact, record);
        await candidates.AddAsync(result, cancellation).ConfigureAwait(false);
        return result;
    }
}
