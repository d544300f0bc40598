using Landfall.Protocol.Training;

namespace Landfall.Training.Tuning;

/// <summary>
/// Chooses the settings that an order leaves open, from the method, the base's size and the rows. Learning rates fall with
/// the size as those do that are usual: from 5 million parameters (measured on the examples) to 7 billion (as published for
/// full tuning, LoRA and QLoRA).
/// </summary>
public static class TuningDefaults
{
    private const double SmallParameters = 5e6;
    private const int StepsPerEpoch = 32;
    private const int LeastBatchTokens = 512;
    private const int MostBatchTokens = 8192;
    private const double RowsLearnt = 24_000;
    private const int MostLength = 2048;

    /// <summary>The longest example where the order does not say.</summary>
    /// <param name="contextLength">Tokens that the base was made for.</param>
    public static int MaxLength(int contextLength) => Math.Min(contextLength, MostLength);

    /// <summary>All settings, those that were given as they are.</summary>
    /// <param name="order">What is asked.</param>
    /// <param name="rows">The rows to learn from.</param>
    /// <param name="parameters">The base's numbers.</param>
    /// <param name="contextLength">Tokens that the base was made for.</param>
    public static TuningSettings Complete(TuningOrder order, TokenRows rows, long parameters, int contextLength)
    {
        var given = order.Settings;
        var isLora = order.Method is TuningMethod.Lora or TuningMethod.Qlora;
        var isVirtual = order.Method is TuningMethod.Prefix or TuningMethod.Prompt;
        var rank = isLora ? given.Rank ?? 16 : given.Rank;
        return given with
        {
            Rank = rank,
            Alpha = isLora ? given.Alpha ?? 2 * rank : given.Alpha,
            Dropout = isLora ? given.Dropout ?? 0.05 : given.Dropout,
            RankStabilised = isLora ? given.RankStabilised ?? false : given.RankStabilised,
            VirtualTokens = isVirtual ? given.VirtualTokens ?? 16 : given.VirtualTokens,
            Epochs = given.Epochs ?? Math.Round(Math.Clamp(RowsLearnt / rows.Rows.Count, 2, 12)),
            LearningRate = given.LearningRate ?? LearningRate(order.Method, parameters),
            BatchTokens = given.BatchTokens ?? (int)Math.Clamp(rows.TokenCount / StepsPerEpoch, LeastBatchTokens, MostBatchTokens),
            AccumulationSteps = given.AccumulationSteps ?? 1,
            WarmUp = given.WarmUp ?? 0.06,
            WeightDecay = given.WeightDecay ?? 0.01,
            ClipNorm = given.ClipNorm ?? 1,
            GradientCheckpointing = given.GradientCheckpointing ?? false,
            Precision = given.Precision ?? TrainingPrecision.F32,
            Patience = given.Patience ?? 4,
            MaxLength = given.MaxLength ?? MaxLength(contextLength),
        };
    }

    /// <summary>The highest learning rate.</summary>
    private static double LearningRate(TuningMethod method, long parameters)
    {
        var (small, power) = method switch
        {
            TuningMethod.Full => (1e-3, 0.54),
            TuningMethod.Prefix or TuningMethod.Prompt => (1e-2, 0.2),
            _ => (3e-3, 0.37),
        };
        var rate = small * Math.Pow(SmallParameters / Math.Max(parameters, SmallParameters), power);
        var unit = Math.Pow(10, Math.Floor(Math.Log10(rate)));
        return Math.Round(rate / unit, 1) * unit;
    }
}
