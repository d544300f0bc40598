"""The reference: a decoder of the Llama family and a BERT encoder, in plain PyTorch.

Written from the papers and from what Hugging Face documents of its checkpoints, for reading: one function per idea, no
classes, the weights a dictionary under their Hugging Face names, the configuration the dictionary of config.json.
It shares no code with Landfall, so where both agree, both are likely right.

Shapes stand in comments: b batch, t time (tokens of this pass), s all positions seen (cached ones included), h hidden.
"""

import math

import torch

# ---------------------------------------------------------------------------------------------------------------------
# Rotary positions (Su et al., RoFormer, arXiv 2104.09864)


def rope_frequencies(config, sequence_length):
    """Angle per position of each pair of a head, [head / 2], and the factor on cosine and sine (1 but for YaRN)."""
    size = head_size(config)
    theta = config.get("rope_theta", 10000.0)
    scaling = config.get("rope_scaling") or {}
    kind = scaling.get("rope_type", "default")
    exponents = torch.arange(0, size, 2, dtype=torch.float64) / size
    frequencies = theta ** -exponents

    if kind == "default":
        return frequencies, 1.0

    factor = scaling["factor"]
    if kind == "linear":
        # Chen et al., arXiv 2306.15595: positions are divided, which is the same as dividing the frequencies.
        return frequencies / factor, 1.0

    if kind == "dynamic":
        # NTK-aware: the base grows with the sequence once it is longer than the model was trained for.
        trained = config["max_position_embeddings"]
        length = max(sequence_length, trained)
        base = theta * (factor * length / trained - (factor - 1)) ** (size / (size - 2))
        return base ** -exponents, 1.0

    if kind == "llama3":
        # Llama 3.1: long waves are divided by the factor, short ones kept, those between blended.
        trained = scaling["original_max_position_embeddings"]
        low, high = scaling["low_freq_factor"], scaling["high_freq_factor"]
        waves = 2 * math.pi / frequencies
        kept_share = ((trained / waves - low) / (high - low)).clamp(0, 1)
        return (1 - kept_share) * frequencies / factor + kept_share * frequencies, 1.0

    if kind == "yarn":
        # Peng et al., arXiv 2309.00071, section 3.2: by the number of turns that a pair makes in the trained length.
        trained = scaling["original_max_position_embeddings"]

        def pair_that_turns(times):
            return size * math.log(trained / (times * 2 * math.pi)) / (2 * math.log(theta))

        first = max(math.floor(pair_that_turns(scaling.get("beta_fast", 32))), 0)
        last = min(math.ceil(pair_that_turns(scaling.get("beta_slow", 1))), size - 1)
        width = max(last - first, 0.001)
        divided_share = ((torch.arange(size // 2, dtype=torch.float64) - first) / width).clamp(0, 1)
        stretched = divided_share * frequencies / factor + (1 - divided_share) * frequencies
        return stretched, scaling.get("attention_factor") or 0.1 * math.log(factor) + 1

    raise ValueError(f"unknown rope_type {kind}")


def rotate(heads, positions, frequencies, factor):
    """Turns value i of each head together with value i + head / 2. heads: [b, heads, t, head]."""
    angles = positions[:, None].double() * frequencies[None, :]  # [t, head / 2]
    cosine = (angles.cos() * factor).to(heads.dtype)
    sine = (angles.sin() * factor).to(heads.dtype)
    first, second = heads.chunk(2, dim=-1)
    return torch.cat([first * cosine - second * sine, second * cosine + first * sine], dim=-1)


# ---------------------------------------------------------------------------------------------------------------------
# Decoder: Llama 2 and 3, Mistral, Qwen2, Qwen3


def head_size(config):
    return config.get("head_dim") or config["hidden_size"] // config["num_attention_heads"]


def rms_norm(x, gain, epsilon):
    """Zhang and Sennrich, arXiv 1910.07467."""
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + epsilon) * gain


def linear(weights, name, x, lora):
    """x W' + bias, plus scale * x A' B' where a LoRA adapter (Hu et al., arXiv 2106.09685) has this module."""
    y = x @ weights[name + ".weight"].T
    if name + ".bias" in weights:
        y = y + weights[name + ".bias"]
    if lora and name in lora["modules"]:
        down, up = lora["modules"][name]  # [r, in], [out, r]
        y = y + lora["scale"] * (x @ down.T) @ up.T
    return y


def attention_mask(config, layer, positions, seen_positions):
    """True where a query sees a key: not after it and, with a sliding window, among the last so many, itself included."""
    mask = seen_positions[None, :] <= positions[:, None]  # [t, s]
    window = config.get("sliding_window")
    if window and config.get("use_sliding_window", True) and layer >= config.get("max_window_layers", 0):
        mask = mask & (seen_positions[None, :] > positions[:, None] - window)
    return mask


def decode(config, weights, tokens=None, cache=None, lora=None, embeddings=None):
    """Hidden states after the last norm, [b, t, h], and the cache: per layer keys (turned) and values, [b, kv heads, s, head].

    Positions count on from what the cache holds, so a prefix adapter is a cache to begin with.
    """
    x = weights["model.embed_tokens.weight"][tokens] if embeddings is None else embeddings
    batch, time, _ = x.shape
    size, heads, kv_heads = head_size(config), config["num_attention_heads"], config["num_key_value_heads"]
    epsilon = config["rms_norm_eps"]
    past = 0 if cache is None else cache[0][0].shape[2]
    positions = torch.arange(past, past + time)
    seen_positions = torch.arange(past + time)
    frequencies, rope_factor = rope_frequencies(config, past + time)
    new_cache = []

    for layer in range(config["num_hidden_layers"]):
        name = f"model.layers.{layer}."
        normed = rms_norm(x, weights[name + "input_layernorm.weight"], epsilon)
        query = linear(weights, name + "self_attn.q_proj", normed, lora).view(batch, time, heads, size)
        key = linear(weights, name + "self_attn.k_proj", normed, lora).view(batch, time, kv_heads, size)
        value = linear(weights, name + "self_attn.v_proj", normed, lora).view(batch, time, kv_heads, size)
        if name + "self_attn.q_norm.weight" in weights:  # Qwen3
            query = rms_norm(query, weights[name + "self_attn.q_norm.weight"], epsilon)
            key = rms_norm(key, weights[name + "self_attn.k_norm.weight"], epsilon)

        query = rotate(query.transpose(1, 2), positions, frequencies, rope_factor)
        key = rotate(key.transpose(1, 2), positions, frequencies, rope_factor)
        value = value.transpose(1, 2)
        if cache is not None:
            key = torch.cat([cache[layer][0], key], dim=2)
            value = torch.cat([cache[layer][1], value], dim=2)
        new_cache.append((key, value))

        # Grouped queries (Ainslie et al., arXiv 2305.13245): so many query heads in a row share a key-value head.
        group = heads // kv_heads
        scores = query @ key.repeat_interleave(group, 1).transpose(2, 3) / math.sqrt(size)  # [b, heads, t, s]
        mask = attention_mask(config, layer, positions, seen_positions)
        shares = scores.masked_fill(~mask, -torch.inf).softmax(-1)
        mixed = (shares @ value.repeat_interleave(group, 1)).transpose(1, 2).reshape(batch, time, heads * size)
        x = x + linear(weights, name + "self_attn.o_proj", mixed, lora)

        # SwiGLU (Shazeer, arXiv 2002.05202).
        normed = rms_norm(x, weights[name + "post_attention_layernorm.weight"], epsilon)
        gate = linear(weights, name + "mlp.gate_proj", normed, lora)
        up = linear(weights, name + "mlp.up_proj", normed, lora)
        x = x + linear(weights, name + "mlp.down_proj", torch.nn.functional.silu(gate) * up, lora)

    return rms_norm(x, weights["model.norm.weight"], epsilon), new_cache


def logits_of(config, weights, hidden):
    tied = config.get("tie_word_embeddings", False)
    return hidden @ weights["model.embed_tokens.weight" if tied else "lm_head.weight"].T


def prefix_cache(config, prompt_embeddings):
    """PEFT's prefix tuning (Li and Liang, arXiv 2101.00190): [virtual tokens, layers * 2 * kv heads * head] as a cache.

    The keys are used as they stand, without a rotation; the text's positions begin after them.
    """
    virtual = prompt_embeddings.shape[0]
    split = prompt_embeddings.view(1, virtual, config["num_hidden_layers"] * 2, config["num_key_value_heads"], head_size(config))
    split = split.permute(2, 0, 3, 1, 4)  # [layers * 2, 1, kv heads, virtual tokens, head]
    return [(split[2 * layer], split[2 * layer + 1]) for layer in range(config["num_hidden_layers"])]


def start(config, weights, tokens, lora=None, prefix=None, prompt=None):
    """Logits of each token of a prompt, [t, vocabulary], and the cache, with one of the adapters or none."""
    ids = torch.tensor([tokens])
    cache = None if prefix is None else prefix_cache(config, prefix)
    if prompt is None:
        hidden, cache = decode(config, weights, ids, cache, lora)
    else:
        # Prompt tuning (Lester et al., arXiv 2104.08691): learned rows stand before the text's embeddings.
        text = weights["model.embed_tokens.weight"][ids]
        hidden, cache = decode(config, weights, cache=cache, lora=lora, embeddings=torch.cat([prompt[None], text], dim=1))
        hidden = hidden[:, prompt.shape[0]:]
    return logits_of(config, weights, hidden)[0], cache


def greedy(config, weights, tokens, count, lora=None, prefix=None, prompt=None):
    """The likeliest next token so many times, one pass a token over the cache; and the least lead of a choice."""
    logits, cache = start(config, weights, tokens, lora, prefix, prompt)
    chosen, least_lead = [], math.inf
    for _ in range(count):
        best = logits[-1].topk(2)
        least_lead = min(least_lead, (best.values[0] - best.values[1]).item())
        chosen.append(best.indices[0].item())
        hidden, cache = decode(config, weights, torch.tensor([chosen[-1:]]), cache, lora)
        logits = logits_of(config, weights, hidden)[0]
    return chosen, least_lead


# ---------------------------------------------------------------------------------------------------------------------
# Encoder: BERT (Devlin et al., arXiv 1810.04805)


def layer_norm(weights, name, x, epsilon):
    return torch.nn.functional.layer_norm(x, x.shape[-1:], weights[name + ".weight"], weights[name + ".bias"], epsilon)


def encode(config, weights, tokens, mask):
    """Hidden states [b, t, h] of tokens [b, t]; mask [b, t] is 1 for text and 0 for padding."""
    batch, time = tokens.shape
    heads, epsilon = config["num_attention_heads"], config["layer_norm_eps"]
    size = config["hidden_size"] // heads
    x = (weights["embeddings.word_embeddings.weight"][tokens]
         + weights["embeddings.position_embeddings.weight"][:time]
         + weights["embeddings.token_type_embeddings.weight"][0])
    x = layer_norm(weights, "embeddings.LayerNorm", x, epsilon)

    for layer in range(config["num_hidden_layers"]):
        name = f"encoder.layer.{layer}."

        def split(part):
            return linear(weights, f"{name}attention.self.{part}", x, None).view(batch, time, heads, size).transpose(1, 2)

        scores = split("query") @ split("key").transpose(2, 3) / math.sqrt(size)
        shares = scores.masked_fill(mask[:, None, None, :] == 0, -torch.inf).softmax(-1)
        mixed = (shares @ split("value")).transpose(1, 2).reshape(batch, time, heads * size)
        attended = linear(weights, name + "attention.output.dense", mixed, None)
        x = layer_norm(weights, name + "attention.output.LayerNorm", x + attended, epsilon)
        inner = torch.nn.functional.gelu(linear(weights, name + "intermediate.dense", x, None))
        x = layer_norm(weights, name + "output.LayerNorm", x + linear(weights, name + "output.dense", inner, None), epsilon)

    return x


def pool(hidden, mask, way):
    """One vector of length 1 per text: the mean of its tokens, its first token's, or its last token's."""
    if way == "mean":
        pooled = (hidden * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
    elif way == "cls":
        pooled = hidden[:, 0]
    else:
        pooled = hidden[torch.arange(hidden.shape[0]), mask.sum(1).long() - 1]
    return pooled / pooled.norm(dim=-1, keepdim=True)
