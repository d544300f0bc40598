using Landfall.Inference.Models;

namespace Landfall.Inference.Formats;

/// <summary>
/// Reads how rotary positions are stretched: <c>rope_scaling</c> with <c>type</c> or <c>rope_type</c> beside
/// <c>rope_theta</c>, or all of it in <c>rope_parameters</c>.
/// </summary>
internal static class HuggingFaceRope
{
    private const float DefaultTheta = 10_000f;

    public static RopeConfig Read(JsonSettings settings, int headSize, int context)
    {
        var scaling = settings.FindObject("rope_parameters") ?? settings.FindObject("rope_scaling");
        var theta = scaling?.FindFloat("rope_theta", 1, 1e12) ?? settings.FindFloat("rope_theta", 1, 1e12) ?? DefaultTheta;
        var partial = scaling?.FindFloat("partial_rotary_factor", 0, 1) ?? settings.FindFloat("partial_rotary_factor", 0, 1) ?? 1;
        if (partial != 1)
        {
            throw settings.Wrong("partial_rotary_factor", $"1 (all {headSize} values of a head turn)");
        }

        var rope = new RopeConfig { Theta = theta };
        if (scaling is null)
        {
            return rope;
        }

        var key = scaling.Has("rope_type") ? "rope_type" : "type";
        return scaling.FindText(key) switch
        {
            "default" or null when !scaling.Has("factor") => rope,
            "linear" => rope with { Scaling = RopeScaling.Linear, Factor = Factor(scaling) },
            "dynamic" => rope with { Scaling = RopeScaling.Dynamic, Factor = Factor(scaling), OriginalContextLength = Original(scaling) ?? context },
            "llama3" => Llama3(scaling, rope),
            "yarn" => Yarn(scaling, rope, context),
            _ => throw scaling.Wrong(key, "default, linear, dynamic, llama3 or yarn"),
        };
    }

    /// <summary>The context, stretched where the file gives it unstretched.</summary>
    public static int ContextLength(RopeConfig rope, int context) => rope.Scaling is RopeScaling.Dynamic or RopeScaling.Yarn
        ? (int)Math.Min(Math.Max(context, rope.OriginalContextLength * (double)rope.Factor), ConfigLimits.Context)
        : context;

    private static RopeConfig Llama3(JsonSettings scaling, RopeConfig rope)
    {
        var low = scaling.FindFloat("low_freq_factor", 1e-3, 1e6) ?? 1;
        var high = scaling.FindFloat("high_freq_factor", 1e-3, 1e6) ?? 4;
        return rope with
        {
            Scaling = RopeScaling.Llama3,
            Factor = Factor(scaling),
            LowFrequencyFactor = low,
            HighFrequencyFactor = high > low ? high : throw scaling.Wrong("high_freq_factor", "more than 'low_freq_factor'"),
            OriginalContextLength = Original(scaling) ?? throw scaling.Wrong("original_max_position_embeddings", "a whole number"),
        };
    }

    private static RopeConfig Yarn(JsonSettings scaling, RopeConfig rope, int context)
    {
        if (scaling.FindBool("truncate") == false)
        {
            throw scaling.Wrong("truncate", "true, which alone is computed,");
        }

        var original = Original(scaling) ?? context;
        var factor = scaling.Has("factor") ? Factor(scaling) : (float)context / original;
        return rope with
        {
            Scaling = RopeScaling.Yarn,
            Factor = factor,
            OriginalContextLength = original,
            BetaFast = scaling.FindFloat("beta_fast", 1e-3, 1e6) ?? 32,
            BetaSlow = scaling.FindFloat("beta_slow", 1e-3, 1e6) ?? 1,
            AttentionFactor = scaling.FindFloat("attention_factor", 1e-3, 1e3) ?? MagnitudeRatio(scaling, factor),
        };
    }

    /// <summary>DeepSeek's pair of settings for the logits' scale; null where they are not there.</summary>
    private static float? MagnitudeRatio(JsonSettings scaling, float factor)
    {
        if (scaling.FindFloat("mscale", 0, 1e3) is not > 0f || scaling.FindFloat("mscale_all_dim", 0, 1e3) is not > 0f)
        {
            return null;
        }

        return Magnitude("mscale") / Magnitude("mscale_all_dim");

        float Magnitude(string name) => factor <= 1 ? 1 : (0.1f * scaling.FindFloat(name, 0, 1e3)!.Value * MathF.Log(factor)) + 1;
    }

    private static float Factor(JsonSettings scaling) => scaling.FindFloat("factor", 1, 1e6) ?? throw scaling.Wrong("factor", "a number from 1");

    private static int? Original(JsonSettings scaling) => scaling.FindInt("original_max_position_embeddings", 1, ConfigLimits.Context);
}
