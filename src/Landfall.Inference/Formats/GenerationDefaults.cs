namespace Landfall.Inference.Formats;

/// <summary>What a model's makers advise for sampling (<c>generation_config.json</c>); null where they say nothing.</summary>
public sealed record GenerationDefaults
{
    /// <summary>Tokens that end an answer.</summary>
    public IReadOnlyList<int> EndTokens { get; init; } = [];

    /// <summary>False: greedy.</summary>
    public bool? Sample { get; init; }

    /// <summary>Divides the logits.</summary>
    public float? Temperature { get; init; }

    /// <summary>The share of probability that is kept.</summary>
    public float? TopP { get; init; }

    /// <summary>The number of tokens that is kept.</summary>
    public int? TopK { get; init; }

    /// <summary>Divides the logits of tokens that were there.</summary>
    public float? RepetitionPenalty { get; init; }

    /// <summary>Reads a <c>generation_config.json</c>.</summary>
    /// <exception cref="ModelFormatException">It is damaged, or a value is out of its range.</exception>
    public static GenerationDefaults Read(string path)
    {
        using var json = JsonFile.Open(path);
        var settings = json.Root;
        return new GenerationDefaults
        {
            EndTokens = settings.FindInts("eos_token_id", 0, int.MaxValue) ?? [],
            Sample = settings.FindBool("do_sample"),
            Temperature = settings.FindFloat("temperature", 0, 100),
            TopP = settings.FindFloat("top_p", 0, 1),
            TopK = settings.FindInt("top_k", 0, int.MaxValue),
            RepetitionPenalty = settings.FindFloat("repetition_penalty", 0, 100),
        };
    }
}
