namespace Landfall.Inference.Formats;

/// <summary>The names that a format gives a decoder's tensors; linear layers without <c>.weight</c>.</summary>
internal sealed record DecoderNames(string TokenEmbedding, string OutputNorm, string Output, Func<int, string> Layer)
{
    public required string AttentionNorm { get; init; }

    public required string Query { get; init; }

    public required string Key { get; init; }

    public required string Value { get; init; }

    public required string AttentionOutput { get; init; }

    public required string QueryNorm { get; init; }

    public required string KeyNorm { get; init; }

    public required string FeedForwardNorm { get; init; }

    public required string Gate { get; init; }

    public required string Up { get; init; }

    public required string Down { get; init; }

    /// <summary>llama.cpp's names.</summary>
    public static DecoderNames Gguf { get; } = new("token_embd", "output_norm", "output", layer => $"blk.{layer}.")
    {
        AttentionNorm = "attn_norm",
        Query = "attn_q",
        Key = "attn_k",
        Value = "attn_v",
        AttentionOutput = "attn_output",
        QueryNorm = "attn_q_norm",
        KeyNorm = "attn_k_norm",
        FeedForwardNorm = "ffn_norm",
        Gate = "ffn_gate",
        Up = "ffn_up",
        Down = "ffn_down",
    };

    /// <summary>Transformers' names; models saved without their head lack the prefix <c>model.</c></summary>
    public static DecoderNames HuggingFace(string prefix = "model.") => new($"{prefix}embed_tokens", $"{prefix}norm", "lm_head", layer => $"{prefix}layers.{layer}.")
    {
        AttentionNorm = "input_layernorm",
        Query = "self_attn.q_proj",
        Key = "self_attn.k_proj",
        Value = "self_attn.v_proj",
        AttentionOutput = "self_attn.o_proj",
        QueryNorm = "self_attn.q_norm",
        KeyNorm = "self_attn.k_norm",
        FeedForwardNorm = "post_attention_layernorm",
        Gate = "mlp.gate_proj",
        Up = "mlp.up_proj",
        Down = "mlp.down_proj",
    };
}
