using Landfall.Retrieval.Classification;
using Landfall.Retrieval.Text;

namespace Landfall.Platform.Candidates.Techniques;

/// <summary>A classifier as a candidate. Its tokens are words (and Chinese characters), since no model reads them.</summary>
internal sealed class ClassifierPredictor(Func<string, Prediction> predict) : IPredictor
{
    private static readonly WordAnalyzer Words = new();

    public ValueTask<Answer> AnswerAsync(Question question, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var prediction = predict(question.Text);
        return ValueTask.FromResult(new Answer(
            prediction.Label,
            prediction.Probability,
            [.. prediction.Alternatives.Where(a => a.Label != prediction.Label).Select(a => (a.Label, a.Probability))],
            Count(question.Text),
            Count(prediction.Label)));
    }

    public void Dispose()
    {
        // Nothing but managed memory.
    }

    private static int Count(string text)
    {
        var count = 0;
        Words.Analyze(text, _ => count++);
        return count;
    }
}
