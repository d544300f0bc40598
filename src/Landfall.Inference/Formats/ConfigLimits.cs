using Landfall.Inference.Models;

namespace Landfall.Inference.Formats;

/// <summary>What any configuration must hold to, whichever format says it.</summary>
internal static class ConfigLimits
{
    public const int Width = 1 << 20;
    public const int Layers = 4096;
    public const int Heads = 4096;
    public const int Vocabulary = 1 << 24;
    public const int Context = 1 << 30;

    /// <exception cref="ModelFormatException">Members do not fit each other.</exception>
    public static ModelConfig Check(string file, ModelConfig config)
    {
        if (config.HeadCount % config.KeyValueHeadCount != 0)
        {
            throw new ModelFormatException(file, $"{config.HeadCount} query heads cannot share {config.KeyValueHeadCount} key-value heads: the one must divide by the other.");
        }

        if (config.Family != ModelFamily.Bert && config.HeadSize % 2 != 0)
        {
            throw new ModelFormatException(file, $"a head is {config.HeadSize} wide, where rotary positions need an even number.");
        }

        if (config.Family == ModelFamily.Bert && config.QueryWidth != config.HiddenSize)
        {
            throw new ModelFormatException(file, $"{config.HeadCount} heads do not divide the hidden size {config.HiddenSize}.");
        }

        foreach (var token in config.EndTokens.Append(config.BeginToken ?? 0))
        {
            if (token < 0 || token >= config.VocabularySize)
            {
                throw new ModelFormatException(file, $"the begin or end token {token} is not in the vocabulary of {config.VocabularySize}.");
            }
        }

        return config;
    }
}
