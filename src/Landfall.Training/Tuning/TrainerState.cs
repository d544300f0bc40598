using System.Text.Json.Serialization;

namespace Landfall.Training.Tuning;

/// <summary>What a training knows beside its tensors: enough to go on as if it had not been interrupted.</summary>
internal sealed record TrainerState
{
    /// <summary>Steps done. The place in the data and the random numbers follow from it and the seed.</summary>
    public int Step { get; set; }

    /// <summary>Steps that changed the weights.</summary>
    public int OptimiserSteps { get; set; }

    /// <summary>Tokens learnt from.</summary>
    public long Tokens { get; set; }

    /// <summary>Time spent.</summary>
    public double Seconds { get; set; }

    /// <summary>What learning rates are multiplied by: halved with each gradient that is no number.</summary>
    public double RateScale { get; set; } = 1;

    /// <summary>Gradients that were no numbers, one after another.</summary>
    public int Skipped { get; set; }

    /// <summary>The running mean of the loss; null before the first step.</summary>
    public double? SmoothLoss { get; set; }

    /// <summary>The lowest that it was; null before the first step.</summary>
    public double? LowestLoss { get; set; }

    /// <summary>Steps since it has been far above its lowest.</summary>
    public int StepsAbove { get; set; }

    /// <summary>The best evaluation.</summary>
    public BestEvaluation? Best { get; set; }

    /// <summary>Evaluations since the best one.</summary>
    public int Worse { get; set; }

    /// <summary>Whether it ended before its last step, as evaluations got no better.</summary>
    public bool EndedEarly { get; set; }
}

/// <summary>The JSON form of a checkpoint's state.</summary>
[JsonSerializable(typeof(TrainerState))]
internal sealed partial class TrainerStateJson : JsonSerializerContext;
