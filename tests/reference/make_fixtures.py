"""Makes the small models of tests/Landfall.Inference.Tests/Fixtures with what the reference computes from them.

Weights are seeded and stored in single precision (one fixture: BF16); the reference computes in double precision, so that
its own rounding does not count. Running it again writes the same bytes.
"""

import os
import shutil

import numpy
import torch

import formats
import models

FIXTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Landfall.Inference.Tests", "Fixtures")
GREEDY_TOKENS = 16
LEAST_LEAD = 0.01  # a greedy choice nearer than this could fall either way in single precision
ATTENTION = ["q_proj", "k_proj", "v_proj", "o_proj"]
FEED_FORWARD = ["gate_proj", "up_proj", "down_proj"]


def random(seed, shape, scale):
    """Normal numbers of numpy's frozen legacy generator: the same on every version."""
    return torch.from_numpy((numpy.random.RandomState(seed).standard_normal(shape) * scale).astype(numpy.float32))


class Draw:
    """Seeded tensors one after another."""

    def __init__(self, seed):
        self.seed = seed * 1000

    def __call__(self, *shape, scale):
        self.seed += 1
        return random(self.seed, shape, scale)

    def near_one(self, *shape):
        return 1 + self(*shape, scale=0.2)


def decoder_config(name, **changes):
    """config.json as Hugging Face writes it for a small Llama; changes make the other families."""
    config = {
        "architectures": [name + "ForCausalLM"],
        "attention_dropout": 0.0,
        "bos_token_id": 1,
        "eos_token_id": 2,
        "hidden_act": "silu",
        "hidden_size": 32,
        "initializer_range": 0.02,
        "intermediate_size": 64,
        "max_position_embeddings": 128,
        "model_type": name.lower(),
        "num_attention_heads": 4,
        "num_hidden_layers": 2,
        "num_key_value_heads": 4,
        "rms_norm_eps": 1e-05,
        "rope_scaling": None,
        "rope_theta": 10000.0,
        "tie_word_embeddings": False,
        "torch_dtype": "float32",
        "transformers_version": "4.51.3",
        "use_cache": True,
        "vocab_size": 112,
    }
    if name == "Llama":
        config.update(attention_bias=False, mlp_bias=False, pretraining_tp=1)
    config.update(changes)
    return dict(sorted(config.items()))


def decoder_weights(config, seed):
    """Random weights of a size that lets each part matter and spreads the logits by 1 to 3."""
    draw, hidden, size = Draw(seed), config["hidden_size"], models.head_size(config)
    queries, keys = config["num_attention_heads"] * size, config["num_key_value_heads"] * size
    inner, vocabulary = config["intermediate_size"], config["vocab_size"]
    tied = config["tie_word_embeddings"]  # then the layers must speak louder, or each token predicts itself
    weights = {"model.embed_tokens.weight": draw(vocabulary, hidden, scale=0.35 if tied else 1.0)}
    for layer in range(config["num_hidden_layers"]):
        name = f"model.layers.{layer}."
        weights[name + "input_layernorm.weight"] = draw.near_one(hidden)
        weights[name + "post_attention_layernorm.weight"] = draw.near_one(hidden)
        for module, rows, columns in (
                ("self_attn.q_proj", queries, hidden), ("self_attn.k_proj", keys, hidden), ("self_attn.v_proj", keys, hidden),
                ("self_attn.o_proj", hidden, queries), ("mlp.gate_proj", inner, hidden), ("mlp.up_proj", inner, hidden),
                ("mlp.down_proj", hidden, inner)):
            weights[f"{name}{module}.weight"] = draw(rows, columns, scale=columns ** -0.5 * (3 if tied and rows == hidden else 1))
            if config["model_type"] == "qwen2" and module[-6:] in ("q_proj", "k_proj", "v_proj"):
                weights[f"{name}{module}.bias"] = draw(rows, scale=0.5)
        if config["model_type"] == "qwen3":
            weights[name + "self_attn.q_norm.weight"] = draw.near_one(size)
            weights[name + "self_attn.k_norm.weight"] = draw.near_one(size)
    weights["model.norm.weight"] = draw.near_one(hidden)
    if not tied:
        weights["lm_head.weight"] = draw(vocabulary, hidden, scale=2 * hidden ** -0.5)
    return weights


def double(tensors):
    return {name: tensor.double() for name, tensor in tensors.items()}


def prompt(config, generator, length):
    start = [1] if length > 1 else []
    return start + [int(token) for token in generator.randint(3, config["vocab_size"], length - len(start))]


def expectations(config, weights, seed, lengths, rows=4, least_lead=LEAST_LEAD, **adapter):
    """What a decoder says to a few prompts. The prompt is one pass; the greedy tokens come one by one over its cache."""
    generator, cases = numpy.random.RandomState(seed), []
    for length in lengths:
        tokens, chosen, lead = [], [], 0
        # Prompts that tell much: a clear choice each time, no end token, and not one token over and over.
        while lead < least_lead or config["eos_token_id"] in chosen or len(set(chosen)) < 4:
            tokens = prompt(config, generator, length)
            chosen, lead = models.greedy(config, weights, tokens, GREEDY_TOKENS, **adapter)
        logits, _ = models.start(config, weights, tokens, **adapter)
        assert 0.8 < logits.std() < 4, f"logits spread by {logits.std()}"
        first = max(0, length - rows)
        cases.append({"tokens": tokens, "first_row": first, "logits": formats.rounded(logits[first:]), "greedy": chosen})
    return cases


def fresh(*path):
    folder = os.path.join(FIXTURES, *path)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    return folder


def decoder(name, config, seed, lengths, shards=1):
    folder = fresh(name)
    weights = decoder_weights(config, seed)
    if config["torch_dtype"] == "bfloat16":
        weights = {key: tensor.bfloat16() for key, tensor in weights.items()}
    formats.write_json(os.path.join(folder, "config.json"), config)
    formats.write_json(os.path.join(folder, "generation_config.json"), {
        "_from_model_config": True, "bos_token_id": 1, "eos_token_id": 2, "transformers_version": "4.51.3"})
    if shards > 1:
        formats.write_sharded(folder, weights, shards)
    else:
        formats.write_safetensors(os.path.join(folder, "model.safetensors"), weights)
    cases = expectations(config, double(weights), seed, lengths)
    formats.write_numbers(os.path.join(folder, "expected.json"), {"prompts": cases})
    return weights


# ---------------------------------------------------------------------------------------------------------------------
# Adapters as PEFT writes them


def lora(base, name, config, weights, seed, modules, rank, alpha, rank_stabilised):
    """LoRA; rsLoRA (Kalajdzievski, arXiv 2312.03732) divides by the rank's root where LoRA divides by the rank."""
    folder, draw = fresh(base, "adapters", name), Draw(seed)
    tensors, pairs = {}, {}
    for layer in range(config["num_hidden_layers"]):
        for module in modules:
            place = f"model.layers.{layer}.{'mlp' if module in FEED_FORWARD else 'self_attn'}.{module}"
            rows, columns = weights[place + ".weight"].shape
            down, up = draw(rank, columns, scale=columns ** -0.5), draw(rows, rank, scale=0.3)
            tensors[f"base_model.model.{place}.lora_A.weight"] = down
            tensors[f"base_model.model.{place}.lora_B.weight"] = up
            pairs[place] = (down.double(), up.double())
    formats.write_safetensors(os.path.join(folder, "adapter_model.safetensors"), tensors)
    formats.write_json(os.path.join(folder, "adapter_config.json"), {
        "alpha_pattern": {}, "auto_mapping": None, "base_model_name_or_path": base, "bias": "none", "fan_in_fan_out": False,
        "inference_mode": True, "init_lora_weights": True, "layers_pattern": None, "layers_to_transform": None,
        "lora_alpha": alpha, "lora_dropout": 0.0, "modules_to_save": None, "peft_type": "LORA", "r": rank, "rank_pattern": {},
        "revision": None, "target_modules": modules, "task_type": "CAUSAL_LM", "use_dora": False, "use_rslora": rank_stabilised})
    scale = alpha / (rank ** 0.5 if rank_stabilised else rank)
    cases = expectations(config, double(weights), seed, (5, 19), rows=2, lora={"modules": pairs, "scale": scale})
    formats.write_numbers(os.path.join(folder, "expected.json"), {"prompts": cases})


def virtual_tokens(base, name, config, weights, seed, kind, count):
    """Prefix tuning (keys and values of each layer) or prompt tuning (rows before the text's embeddings)."""
    folder = fresh(base, "adapters", name)
    kv_heads, size = config["num_key_value_heads"], models.head_size(config)
    prefix = kind == "PREFIX_TUNING"
    width = config["num_hidden_layers"] * 2 * kv_heads * size if prefix else config["hidden_size"]
    learned = random(seed * 1000, (count, width), 0.7 if prefix or not config["tie_word_embeddings"] else 0.35)
    settings = {
        "auto_mapping": None, "base_model_name_or_path": base, "inference_mode": True,
        "num_attention_heads": kv_heads if prefix else config["num_attention_heads"],
        "num_layers": config["num_hidden_layers"], "num_transformer_submodules": 1, "num_virtual_tokens": count,
        "peft_type": kind, "revision": None, "task_type": "CAUSAL_LM",
        "token_dim": kv_heads * size if prefix else config["hidden_size"]}
    settings.update({"encoder_hidden_size": None, "prefix_projection": False} if prefix else {
        "prompt_tuning_init": "RANDOM", "prompt_tuning_init_text": None, "tokenizer_name_or_path": None})
    formats.write_safetensors(os.path.join(folder, "adapter_model.safetensors"), {"prompt_embeddings": learned})
    formats.write_json(os.path.join(folder, "adapter_config.json"), settings)
    adapter = {"prefix" if prefix else "prompt": learned.double()}
    cases = expectations(config, double(weights), seed, (5, 19), rows=2, **adapter)
    formats.write_numbers(os.path.join(folder, "expected.json"), {"prompts": cases})


def adapters(base, config, weights, seed):
    lora(base, "lora-qv", config, weights, seed + 1, ["q_proj", "v_proj"], 4, 8, False)
    lora(base, "lora-all-rank-stabilised", config, weights, seed + 2, ATTENTION + FEED_FORWARD, 3, 6, True)
    virtual_tokens(base, "prefix", config, weights, seed + 3, "PREFIX_TUNING", 6)
    virtual_tokens(base, "prompt", config, weights, seed + 4, "PROMPT_TUNING", 5)


# ---------------------------------------------------------------------------------------------------------------------
# The encoder


def bert_weights(config, seed):
    draw, hidden, inner = Draw(seed), config["hidden_size"], config["intermediate_size"]
    weights = {}

    def dense(name, rows, columns):
        weights[name + ".weight"] = draw(rows, columns, scale=1.5 * columns ** -0.5)
        weights[name + ".bias"] = draw(rows, scale=0.2)

    def norm(name):
        weights[name + ".weight"] = draw.near_one(hidden)
        weights[name + ".bias"] = draw(hidden, scale=0.2)

    for part, rows in (("word", config["vocab_size"]), ("position", config["max_position_embeddings"]),
                       ("token_type", config["type_vocab_size"])):
        weights[f"embeddings.{part}_embeddings.weight"] = draw(rows, hidden, scale=0.5)
    norm("embeddings.LayerNorm")
    for layer in range(config["num_hidden_layers"]):
        name = f"encoder.layer.{layer}."
        for part in ("query", "key", "value"):
            dense(f"{name}attention.self.{part}", hidden, hidden)
        dense(name + "attention.output.dense", hidden, hidden)
        norm(name + "attention.output.LayerNorm")
        dense(name + "intermediate.dense", inner, hidden)
        dense(name + "output.dense", hidden, inner)
        norm(name + "output.LayerNorm")
    dense("pooler.dense", hidden, hidden)  # in every checkpoint, and no part of an embedding
    return weights


def bert(seed):
    folder = fresh("bert")
    config = {
        "architectures": ["BertModel"], "attention_probs_dropout_prob": 0.1, "classifier_dropout": None, "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1, "hidden_size": 32, "initializer_range": 0.02, "intermediate_size": 64,
        "layer_norm_eps": 1e-12, "max_position_embeddings": 48, "model_type": "bert", "num_attention_heads": 4,
        "num_hidden_layers": 2, "pad_token_id": 0, "position_embedding_type": "absolute", "torch_dtype": "float32",
        "transformers_version": "4.51.3", "type_vocab_size": 2, "use_cache": True, "vocab_size": 112}
    weights = bert_weights(config, seed)
    formats.write_json(os.path.join(folder, "config.json"), config)
    formats.write_safetensors(os.path.join(folder, "model.safetensors"), weights)
    os.makedirs(os.path.join(folder, "1_Pooling"))
    formats.write_json(os.path.join(folder, "1_Pooling", "config.json"), {
        "word_embedding_dimension": 32, "pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True,
        "pooling_mode_max_tokens": False, "pooling_mode_mean_sqrt_len_tokens": False})
    formats.write_json(os.path.join(folder, "modules.json"), [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
        {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}])

    generator = numpy.random.RandomState(seed)
    texts = [prompt(config, generator, length) for length in (4, 11, 1, 17)]
    longest = max(len(text) for text in texts)
    tokens = torch.tensor([text + [0] * (longest - len(text)) for text in texts])
    mask = torch.tensor([[1] * len(text) + [0] * (longest - len(text)) for text in texts])
    hidden = models.encode(config, double(weights), tokens, mask)
    formats.write_numbers(os.path.join(folder, "expected.json"), {
        "texts": [{
            "tokens": text,
            "hidden": formats.rounded(hidden[place, :len(text)]),
            **{way: formats.rounded(models.pool(hidden, mask.double(), way)[place]) for way in ("mean", "cls", "last")},
        } for place, text in enumerate(texts)]})


# ---------------------------------------------------------------------------------------------------------------------
# GGUF twins: the same weights as llama.cpp's converter lays them out

GGUF_MODULES = {
    "input_layernorm": "attn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output", "post_attention_layernorm": "ffn_norm", "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down"}
GGUF_WHOLE = {"model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output"}
PRINTABLE = [chr(code) for code in range(33, 127)]


def interleaved(weight, heads):
    """Rows of each head from (first half, second half) to pairs side by side: Llama's layout in GGUF."""
    return weight.reshape(heads, 2, -1, *weight.shape[1:]).transpose(1, 2).reshape(weight.shape)


def gguf_name(name):
    name, _, kind = name.rpartition(".")
    if name in GGUF_WHOLE:
        return f"{GGUF_WHOLE[name]}.{kind}"
    layer, _, module = name[len("model.layers."):].partition(".")
    return f"blk.{layer}.{GGUF_MODULES[module]}.{kind}"


def sentencepiece_vocabulary():
    """A SentencePiece vocabulary of 112: the specials, the newline's byte, the space, printable ASCII, a few words."""
    words = ["▁t", "he", "▁the", "in", "an", "▁a", "re", "er", "on", "▁o", "▁of", "at", "en"]
    tokens = ["<unk>", "<s>", "</s>", "<0x0A>", "▁"] + words + PRINTABLE
    kinds = [2, 3, 3, 6] + [1] * (len(tokens) - 4)
    return {
        "tokenizer.ggml.model": "llama", "tokenizer.ggml.tokens": tokens, "tokenizer.ggml.token_type": kinds,
        "tokenizer.ggml.scores": [0.0] * 4 + [-float(place) for place in range(len(tokens) - 4)],
        "tokenizer.ggml.unknown_token_id": 0}


def byte_pair_vocabulary():
    """A byte-level BPE vocabulary of 112: as above, with merges."""
    merges = ["Ġ t", "h e", "Ġt he", "i n", "a n", "Ġ a", "r e", "e r", "o n", "Ġ o", "Ġo f", "a t"]
    tokens = ["!pad", "<|begin|>", "<|end|>"] + PRINTABLE + ["Ġ", "Ċ", "ĉ"] + [merge.replace(" ", "") for merge in merges]
    return {
        "tokenizer.ggml.model": "gpt2", "tokenizer.ggml.pre": "qwen2", "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.token_type": [3] * 3 + [1] * (len(tokens) - 3), "tokenizer.ggml.merges": merges,
        "tokenizer.ggml.add_bos_token": False}


def gguf_metadata(name, config, vocabulary, file_type):
    family = config["model_type"]
    assert len(vocabulary["tokenizer.ggml.tokens"]) == config["vocab_size"]
    return {
        "general.architecture": family, "general.name": f"Landfall fixture {name}", "general.file_type": file_type,
        f"{family}.block_count": config["num_hidden_layers"], f"{family}.context_length": config["max_position_embeddings"],
        f"{family}.embedding_length": config["hidden_size"], f"{family}.feed_forward_length": config["intermediate_size"],
        f"{family}.attention.head_count": config["num_attention_heads"],
        f"{family}.attention.head_count_kv": config["num_key_value_heads"],
        f"{family}.attention.key_length": models.head_size(config), f"{family}.attention.value_length": models.head_size(config),
        f"{family}.attention.layer_norm_rms_epsilon": config["rms_norm_eps"],
        f"{family}.rope.freq_base": config["rope_theta"], f"{family}.rope.dimension_count": models.head_size(config),
        f"{family}.vocab_size": config["vocab_size"],
        **vocabulary, "tokenizer.ggml.bos_token_id": config["bos_token_id"], "tokenizer.ggml.eos_token_id": config["eos_token_id"]}


def turned_heads(config, name):
    """How many heads a matrix has whose rows are reordered in GGUF, or 0."""
    if config["model_type"] != "llama":
        return 0
    return {"q_proj.weight": config["num_attention_heads"], "k_proj.weight": config["num_key_value_heads"]}.get(name[-13:], 0)


def write_gguf(path, name, config, weights, vocabulary, quantised=False):
    """Writes a GGUF file, and returns the weights that a reader decodes from it."""
    tensors, decoded = {}, {}
    for key, weight in weights.items():
        heads = turned_heads(config, key)
        turned = interleaved(weight, heads) if heads else weight
        if quantised and weight.dim() == 2:
            # Rows are quantised alone, so that their order does not matter to what they decode to.
            tensors[gguf_name(key)] = (formats.GGML_Q8_0, turned.shape, formats.encode_q8_0(turned)[0])
            decoded[key] = formats.encode_q8_0(weight)[1]
        else:
            tensors[gguf_name(key)] = (formats.GGML_F32, turned.shape, formats.raw_bytes(turned))
            decoded[key] = weight
    formats.write_gguf(path, gguf_metadata(name, config, vocabulary, 7 if quantised else 0), tensors)
    return decoded


def gguf_twin(name, config, weights, seed, vocabulary, quantised):
    folder = fresh(name)
    decoded = write_gguf(os.path.join(folder, "model.gguf"), name, config, weights, vocabulary, quantised)
    cases = expectations(config, double(decoded), seed, (1, 7, 23))
    formats.write_numbers(os.path.join(folder, "expected.json"), {"prompts": cases})


# ---------------------------------------------------------------------------------------------------------------------


def main():
    torch.set_num_threads(1)
    llama2 = decoder_config("Llama")
    llama2_weights = decoder("llama2", llama2, 11, (1, 7, 23))
    gguf_twin("llama2-gguf", llama2, llama2_weights, 12, sentencepiece_vocabulary(), quantised=False)

    llama3 = decoder_config("Llama", num_key_value_heads=2, num_attention_heads=4, head_dim=8, rope_theta=500000.0, tie_word_embeddings=True,
        rope_scaling={"factor": 8.0, "high_freq_factor": 4.0, "low_freq_factor": 1.0, "original_max_position_embeddings": 32, "rope_type": "llama3"})
    llama3_weights = decoder("llama3", llama3, 21, (1, 9, 45), shards=2)
    adapters("llama3", llama3, llama3_weights, 22)

    grouped = {"num_attention_heads": 2, "num_key_value_heads": 1}
    decoder("llama-linear", decoder_config("Llama", **grouped, rope_scaling={"factor": 4.0, "rope_type": "linear"}), 31, (7, 50))
    decoder("llama-dynamic", decoder_config("Llama", **grouped, max_position_embeddings=32,
        rope_scaling={"factor": 4.0, "rope_type": "dynamic"}), 41, (7, 25, 50))
    decoder("llama-yarn", decoder_config("Llama", **grouped, max_position_embeddings=128,
        rope_scaling={"factor": 4.0, "original_max_position_embeddings": 32, "rope_type": "yarn"}), 51, (7, 50))

    decoder("mistral", decoder_config("Mistral", num_key_value_heads=2, sliding_window=8, torch_dtype="bfloat16"), 61, (5, 8, 9, 30))

    qwen2 = decoder_config("Qwen2", num_key_value_heads=2, rms_norm_eps=1e-06, rope_theta=1000000.0, tie_word_embeddings=True,
        sliding_window=8, use_sliding_window=False, max_window_layers=1)
    qwen2_weights = decoder("qwen2", qwen2, 71, (1, 9, 23))
    adapters("qwen2", qwen2, qwen2_weights, 72)
    gguf_twin("qwen2-gguf", qwen2, qwen2_weights, 79, byte_pair_vocabulary(), quantised=True)

    # Sizes that no vector width divides.
    decoder("qwen3", decoder_config("Qwen3", hidden_size=36, intermediate_size=70, vocab_size=101, num_key_value_heads=2, head_dim=10,
        rms_norm_eps=1e-06, rope_theta=1000000.0, tie_word_embeddings=True, attention_bias=False, sliding_window=None,
        use_sliding_window=False, max_window_layers=2), 81, (1, 9, 23))
    bert(91)


if __name__ == "__main__":
    main()
