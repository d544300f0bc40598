"""Trains Fixtures/tiny: a Llama of 1.3 million weights that has read this repository's documentation.

    train_tiny.py            trains (some minutes on one core) and writes the folder
    train_tiny.py --expect   only computes expected.json anew from the weights that are there

The text that it learns from changes as the repository does, so training again makes another model. What is held out for the
perplexity stays: perplexity.txt in the folder, once docs/judging.md.
"""

import glob
import json
import math
import os
import re
import sys
import time

import numpy
import torch

import byte_pairs
import formats
import make_fixtures
import models

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
FOLDER = os.path.join(make_fixtures.FIXTURES, "tiny")
HELD_OUT = "judging.md"
STEPS, BATCH, WINDOW, RATE = 700, 4, 256, 3e-3

CONFIG = make_fixtures.decoder_config(
    "Llama", bos_token_id=0, eos_token_id=2, hidden_size=256, intermediate_size=512, max_position_embeddings=1024, num_attention_heads=4,
    num_key_value_heads=2, num_hidden_layers=2, tie_word_embeddings=True, torch_dtype="bfloat16", vocab_size=512)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def documents():
    """Guides, decisions and references but the one held out, and the comments of each source file."""
    paths = sorted(glob.glob(os.path.join(ROOT, "docs", "**", "*.md"), recursive=True)) + [os.path.join(ROOT, "README.md")]
    guides = [read(path) for path in paths if os.path.basename(path) != HELD_OUT]
    sources = sorted(glob.glob(os.path.join(ROOT, "src", "**", "*.cs"), recursive=True))
    comments = []
    for path in sources:
        lines = re.findall(r"^\s*///? ?(.*)$", read(path), re.MULTILINE) if "/obj/" not in path else []
        text = re.sub(r"<[^>]*cref=\"(?:\w:)?([^\"]*)\"[^>]*>|</?[a-z][^>]*>", r"\1", "\n".join(lines))
        if len(text) > 200:
            comments.append(text)
    return guides, comments


def conversations(guides):
    """Each section of a guide as an answer to its heading, so that the model knows what an answer is and how one ends."""
    for guide in guides:
        for heading, body in re.findall(r"^#+ (.+)\n+((?:(?!#).*\n)+)", guide, re.MULTILINE):
            yield (f"<|im_start|>user\n{heading.strip()}<|im_end|>\n<|im_start|>assistant\n{body.strip()[:400]}<|im_end|>\n")


def initial_weights():
    draw, layers = make_fixtures.Draw(101), CONFIG["num_hidden_layers"]
    weights = make_fixtures.decoder_weights(CONFIG, 101)
    for name, weight in weights.items():
        if weight.dim() == 1:
            weights[name] = torch.ones_like(weight)
        else:
            last = name.endswith(("o_proj.weight", "down_proj.weight"))  # GPT-2's start: the layers' outputs sum to the same size
            weights[name] = draw(*weight.shape, scale=0.02 if "embed" in name else weight.shape[1] ** -0.5 / (math.sqrt(2 * layers) if last else 1) * 0.5)
    return {name: weight.requires_grad_() for name, weight in weights.items()}


def loss_of(weights, tokens):
    """Mean surprise of each token but the first of a window. tokens: [b, t]."""
    hidden, _ = models.decode(CONFIG, weights, tokens[:, :-1])
    logits = models.logits_of(CONFIG, weights, hidden)
    return torch.nn.functional.cross_entropy(logits.reshape(-1, logits.shape[-1]), tokens[:, 1:].reshape(-1))


def train(tokens):
    weights, generator, began = initial_weights(), numpy.random.RandomState(7), time.time()
    matrices = [weight for weight in weights.values() if weight.dim() == 2]
    vectors = [weight for weight in weights.values() if weight.dim() == 1]
    optimizer = torch.optim.AdamW([{"params": matrices, "weight_decay": 0.1}, {"params": vectors, "weight_decay": 0.0}], RATE, (0.9, 0.95))
    for step in range(STEPS):
        rate = RATE * min(1, (step + 1) / 50) * (0.05 + 0.95 * (1 + math.cos(math.pi * step / STEPS)) / 2)
        for group in optimizer.param_groups:
            group["lr"] = rate
        starts = generator.randint(0, len(tokens) - WINDOW - 1, BATCH)
        loss = loss_of(weights, torch.stack([tokens[start:start + WINDOW + 1] for start in starts]))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights.values(), 1.0)
        optimizer.step()
        if step % 50 == 0:
            print(f"step {step}: loss {loss.item():.3f}, {time.time() - began:.0f} s", flush=True)
    return {name: weight.detach().bfloat16() for name, weight in weights.items()}


def perplexity(weights, tokens):
    """exp of the mean surprise in windows of 256 tokens without overlap, the first token of each not counted."""
    total, counted = 0.0, 0
    for start in range(0, len(tokens), WINDOW):
        window = torch.tensor([tokens[start:start + WINDOW]])
        if window.shape[1] > 1:
            total += loss_of(weights, window).item() * (window.shape[1] - 1)
            counted += window.shape[1] - 1
    return math.exp(total / counted), counted


def expect(weights, merges):
    ids, weights = byte_pairs.vocabulary(merges), make_fixtures.double(weights)
    tokens = byte_pairs.encode(read(os.path.join(FOLDER, "perplexity.txt")), merges, ids)
    value, counted = perplexity(weights, tokens)
    prompts = ["A run is", "## What is measured\n\n", "The file names the", "Every dataset has a", "An evaluation", "When the server starts, it",
               "<|im_start|>user\nMemory<|im_end|>\n<|im_start|>assistant\n", "<|im_start|>user\nWhat is a target?<|im_end|>\n<|im_start|>assistant\n"]
    cases = []
    for prompt in prompts:
        prompt_tokens = byte_pairs.encode(prompt, merges, ids)
        chosen, lead = models.greedy(CONFIG, weights, prompt_tokens, 32)
        cases.append({"text": prompt, "tokens": prompt_tokens, "greedy": chosen, "greedy_text": byte_pairs.decode(chosen, ids),
                      "least_lead": float(f"{lead:.4g}")})
    formats.write_numbers(os.path.join(FOLDER, "expected.json"), {
        "perplexity": {"text": "perplexity.txt", "tokens": tokens, "window": WINDOW, "counted": counted, "value": float(f"{value:.7g}")},
        "prompts": cases})
    print(f"perplexity {value:.3f} over {counted} tokens")


def write(weights, merges):
    os.makedirs(FOLDER, exist_ok=True)
    formats.write_json(os.path.join(FOLDER, "config.json"), CONFIG)
    formats.write_json(os.path.join(FOLDER, "tokenizer.json"), byte_pairs.tokenizer_json(merges))
    formats.write_json(os.path.join(FOLDER, "tokenizer_config.json"), byte_pairs.tokenizer_config(CONFIG["max_position_embeddings"]))
    formats.write_json(os.path.join(FOLDER, "generation_config.json"), {
        "bos_token_id": 0, "do_sample": True, "eos_token_id": [2, 0], "pad_token_id": 0, "temperature": 0.7, "top_p": 0.9,
        "transformers_version": "4.51.3"})
    formats.write_safetensors(os.path.join(FOLDER, "model.safetensors"), weights)


def main():
    torch.set_num_threads(1)  # more of them wait for each other where the machine is shared
    if "--expect" in sys.argv:
        merges = [tuple(merge.split(" ")) for merge in json.loads(read(os.path.join(FOLDER, "tokenizer.json")))["model"]["merges"]]
        expect(formats.read_safetensors(os.path.join(FOLDER, "model.safetensors")), merges)
        return
    guides, comments = documents()
    text = "<|endoftext|>".join(guides * 2 + comments)
    merges = byte_pairs.train("\n".join(guides + comments), CONFIG["vocab_size"])
    ids = byte_pairs.vocabulary(merges)
    tokens = torch.tensor(byte_pairs.encode(text + "<|endoftext|>" + "".join(conversations(guides)) * 2, merges, ids))
    print(f"{len(text)} characters, {len(tokens)} tokens", flush=True)
    weights = train(tokens)
    write(weights, merges)
    expect(weights, merges)


if __name__ == "__main__":
    main()
