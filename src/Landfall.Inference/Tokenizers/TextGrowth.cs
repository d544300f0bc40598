namespace Landfall.Inference.Tokenizers;

/// <summary>
/// Bounds what the steps of a foreign tokenizer make of a text. One step may lengthen it (a ligature has up to eighteen
/// characters, a character up to four bytes), but forty that each double it must not run.
/// </summary>
internal static class TextGrowth
{
    /// <summary>How many steps of a kind a tokenizer may have.</summary>
    public const int MostSteps = 64;

    /// <summary>How many characters a token may have. Known vocabularies stay below a quarter of it.</summary>
    public const int LongestToken = 1024;

    private const int Spare = 4096;
    private const int MostTimes = 64;

    /// <summary>Refuses a text that has become much longer than what it was made of.</summary>
    /// <param name="length">How many characters it has, or would have.</param>
    /// <param name="input">How many those had that it was made of.</param>
    /// <exception cref="InferenceException">It is too long.</exception>
    public static void Require(long length, int input)
    {
        if (length > Spare + ((long)input * MostTimes))
        {
            throw new InferenceException($"The tokenizer's steps make {length} characters of {input}: its file is damaged or made to do harm.");
        }
    }
}
