namespace Landfall.Inference.Tokenizers;

/// <summary>How texts are cut for byte-level BPE, by the names that GGUF files give to it.</summary>
internal static class GgufSplits
{
    private const string ByCase =
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+@|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*@";

    private const string Contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?";
    private const string AfterWords = @"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>What a name means, or null for a name that is not known.</summary>
    public static GgufSplit? Find(string name) => name switch
    {
        "default" => new(Patterns(@"[\p{P}\$\+<=>\^~\|]+", WordSplitter.Gpt2Pattern, @"\p{N}+", "[0-9][0-9][0-9]")),
        "gpt-2" or "gpt2" or "phi-2" or "jina-es" or "jina-de" or "mpt" or "olmo" or "jais" or "roberta-bpe" or "trillion" or "gpt-neox" =>
            new(Patterns(WordSplitter.Gpt2Pattern)),
        "smollm" or "starcoder" or "refact" or "command-r" or "codeshell" or "exaone" or "minerva-7b" => new(Patterns(@"\p{N}", WordSplitter.Gpt2Pattern)),
        "llama-bpe" or "llama3" or "llama-v3" or "falcon3" or "pixtral-llama3" => new(Patterns(WordSplitter.Llama3Pattern), IgnoreMerges: true, AddBegin: true),
        "dbrx" or "smaug-bpe" or "chatglm-bpe" or "glm4" => new(Patterns(WordSplitter.Llama3Pattern)),
        "qwen2" or "stablelm2" or "megrez" or "deepseek-r1-qwen" or "hunyuan" => new(Patterns(WordSplitter.Qwen2Pattern)),
        "tekken" => new(Patterns(ByCase.Replace("@", "", StringComparison.Ordinal) + @"|\p{N}" + AfterWords), IgnoreMerges: true, AddBegin: true),
        "gpt-4o" or "llama4" => new(Patterns(ByCase.Replace("@", Contractions, StringComparison.Ordinal) + @"|\p{N}{1,3}" + AfterWords)),
        "deepseek-coder" => new(Patterns("[\r\n]", @"\s?\p{L}+", @"\s?\p{P}+", "[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+", @"\p{N}")),
        "deepseek-v3" => new(Patterns(
            @"\p{N}{1,3}",
            "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+",
            @"[!""#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")),
        _ => null,
    };

    /// <summary>One pattern after another, each on the pieces that the one before has left.</summary>
    private static PreTokenizer Patterns(params string[] patterns) => PreTokenizers.Sequence(
    [
        .. patterns.Select(pattern => WordSplitter.Find(pattern) is { } splitter
            ? PreTokenizers.Cut(splitter)
            : PreTokenizers.Split(TextPattern.Expression(pattern), SplitBehavior.Isolated, invert: false)),
        PreTokenizers.ByteLevel(prefixSpace: false, cut: false),
    ]);
}

/// <summary>What a name of a pre-tokenizer in a GGUF file means.</summary>
/// <param name="PreTokenizer">How texts are cut.</param>
/// <param name="IgnoreMerges">Whether a piece that is a token as a whole is that token.</param>
/// <param name="AddBegin">Whether the first token is added where the file does not say.</param>
internal sealed record GgufSplit(PreTokenizer PreTokenizer, bool IgnoreMerges = false, bool AddBegin = false);
