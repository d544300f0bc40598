using Landfall.Platform.Candidates;
using Landfall.Platform.Endpoints.Calls;
using Landfall.Platform.Releases;

namespace Landfall.Platform.Gateway;

/// <summary>What a release answered.</summary>
/// <param name="Content">What the user gets: the label, the text, or the brief's reply to what is out of scope.</param>
/// <param name="Answer">The candidate's own answer.</param>
public sealed record AppAnswer(string Content, Answer Answer);

/// <summary>Asks an app's live release.</summary>
public sealed class AppAnswerer(PredictorCache predictors)
{
    public async Task<AppAnswer> AnswerAsync(LiveRelease live, Question question, CancellationToken cancellation)
    {
        using var asking = CallScope.Enter(new CallScope("gateway", Run: null, Spending: null));
        var predictor = await predictors.GetAsync(live.Release.Hash, cancellation).ConfigureAwait(false);
        var answer = await predictor.AnswerAsync(question, cancellation).ConfigureAwait(false);
        var content = live.OutOfScope is { Reply: { } reply } scope && answer.Text == scope.Label ? reply : answer.Text;
        return new AppAnswer(content, answer);
    }
}
