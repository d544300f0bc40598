using Landfall.Training.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Landfall.Training.Tuning;

/// <summary>Measures a model on rows.</summary>
internal static class Evaluation
{
    /// <summary>The mean loss and, with labels, the accuracy.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="rowLength">Positions of a packed row, where rows are not longer.</param>
    /// <param name="options">How many rows are computed together, and where.</param>
    public static BestEvaluation Measure(ITrainable model, TokenRows rows, int rowLength, TrainerOptions options)
    {
        var length = Math.Max(rowLength, rows.Longest);
        var packed = Packer.Pack([.. rows.Rows.Select(r => r.Length)], length);
        var together = Math.Max(options.RowsPerStep / options.AccumulationSteps, 1);
        var (loss, right, targets) = (0.0, 0L, 0L);
        using var guard = no_grad();
        foreach (var part in packed.Chunk(together))
        {
            using var scope = NewDisposeScope();
            using var batch = Packer.Batch([.. part.Select(row => (IReadOnlyList<TokenRow>)[.. row.Select(i => rows.Rows[i])])], length, options.Device);
            targets += batch.TargetCount;
            if (batch.Labels is { } labels)
            {
                var logits = model.Classify(batch);
                loss += nn.functional.cross_entropy(logits, labels, reduction: nn.Reduction.Sum).item<float>();
                right += logits.argmax(1).eq(labels).sum().item<long>();
            }
            else
            {
                loss += model.Loss(batch, training: false).item<float>();
            }
        }

        return new BestEvaluation(0, loss / targets, rows.Rows[0].Label is null ? null : (double)right / targets);
    }
}
