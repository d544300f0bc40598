"""Writes the tokenizers of the fixtures as GGUF files without weights, and what llama.cpp makes of the texts with each.

    gguf_tokenizers.py <folder with libllama>

Run tokenizer_fixtures.py first. The folder is node_modules/@node-llama-cpp/linux-x64/bins/linux-x64 of the npm package
node-llama-cpp. It runs on plain Python; Linux on x86-64 only, where large structs are passed on the stack.
"""

import ctypes
import glob
import json
import os
import re
import struct
import sys

from tokenizer_fixtures import FOLDER, TEXTS

NORMAL, UNKNOWN, CONTROL, USER_DEFINED, BYTE = 1, 2, 3, 4, 6


class Parameters(ctypes.Structure):
    """llama_model_params: vocab_only is the first truth value, 72 bytes in."""
    _fields_ = [("head", ctypes.c_uint64 * 9), ("vocab_only", ctypes.c_bool), ("flags", ctypes.c_bool * 7)]


def string(text):
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def value(item):
    if isinstance(item, bool):
        return struct.pack("<I?", 7, item)
    if isinstance(item, int):
        return struct.pack("<II", 4, item)
    if isinstance(item, str):
        return struct.pack("<I", 8) + string(item)
    if isinstance(item, bytes):
        return struct.pack("<IIQ", 9, 0, len(item)) + item
    if isinstance(item[0], str):
        return struct.pack("<IIQ", 9, 8, len(item)) + b"".join(map(string, item))
    kind, form = (6, "f") if isinstance(item[0], float) else (5, "i")
    return struct.pack("<IIQ", 9, kind, len(item)) + struct.pack(f"<{len(item)}{form}", *item)


def write(path, name, metadata):
    entries = {"general.architecture": "llama", "general.name": name} | {"tokenizer.ggml." + key: item for key, item in metadata.items()}
    entries |= {"llama.context_length": 128, "llama.embedding_length": 32, "llama.block_count": 1, "llama.feed_forward_length": 64, "llama.attention.head_count": 2,
                "llama.attention.layer_norm_rms_epsilon": 1, "llama.vocab_size": len(metadata["tokens"])}
    data = b"GGUF" + struct.pack("<IQQ", 3, 0, len(entries))
    for key, item in entries.items():
        data += string(key) + (struct.pack("<If", 6, 1e-5) if key.endswith("epsilon") else value(item))
    with open(path, "wb") as stream:
        stream.write(data + bytes(-len(data) % 32))


def load(name):
    with open(os.path.join(FOLDER, name + ".json"), encoding="utf-8") as stream:
        return json.load(stream)


def byte_level(name, pre):
    file = load(name)
    ids = {place: token for token, place in file["model"]["vocab"].items()}
    types = {place: NORMAL for place in ids}
    for token in file["added_tokens"]:
        ids[token["id"]], types[token["id"]] = token["content"], CONTROL if token["special"] else USER_DEFINED
    merges = [merge if isinstance(merge, str) else " ".join(merge) for merge in file["model"]["merges"]]
    first = next(token["id"] for token in file["added_tokens"])
    return {"model": "gpt2", "pre": pre, "tokens": [ids[place] for place in sorted(ids)], "token_type": [types[place] for place in sorted(ids)], "merges": merges,
            "bos_token_id": first, "eos_token_id": first}


def piece_types(tokens):
    return [UNKNOWN if token == "<unk>" else CONTROL if token in ("<s>", "</s>") else BYTE if re.fullmatch("<0x..>", token) else NORMAL for token in tokens]


def sentence_piece(name, **more):
    vocabulary = load(name)["model"]["vocab"]
    tokens = sorted(vocabulary, key=vocabulary.get)
    scores = [0.0] * 259 + [-float(place) for place in range(len(tokens) - 259)]
    return {"model": "llama", "tokens": tokens, "scores": scores, "token_type": piece_types(tokens), "bos_token_id": 1, "eos_token_id": 2, "unknown_token_id": 0} | more


def unigram(name):
    tokens, scores = zip(*load(name)["model"]["vocab"])
    return {"model": "t5", "tokens": list(tokens), "scores": [float(score) for score in scores], "token_type": piece_types(tokens), "bos_token_id": 1, "eos_token_id": 2,
            "unknown_token_id": 0, "add_space_prefix": True, "remove_extra_whitespaces": False, "add_bos_token": False, "add_eos_token": True}


def word_piece(name):
    vocabulary = load(name)["model"]["vocab"]
    tokens = sorted(vocabulary, key=vocabulary.get)
    special = {token["content"] for token in load(name)["added_tokens"]}
    phantom = [token if token in special else token[2:] if token.startswith("##") else "\u2581" + token for token in tokens]
    return {"model": "bert", "tokens": phantom, "token_type": [UNKNOWN if token == "[UNK]" else CONTROL if token in special else NORMAL for token in tokens],
            "cls_token_id": 2, "bos_token_id": 2, "seperator_token_id": 3, "eos_token_id": 3, "unknown_token_id": 1, "padding_token_id": 0}


def files():
    for name, pre in [("gpt2", "gpt-2"), ("llama3", "llama-bpe"), ("qwen2", "qwen2"), ("tekken", "tekken"), ("deepseek", "deepseek-coder"), ("starcoder", "starcoder")]:
        yield name, byte_level(name, pre)
    yield "default", byte_level("gpt2", "default")
    yield "gpt-4o", byte_level("gpt2", "gpt-4o")
    yield "deepseek-v3", byte_level("gpt2", "deepseek-v3")
    yield "llama2", sentence_piece("llama2")
    yield "gemma", sentence_piece("gemma", add_space_prefix=False, add_bos_token=False)
    yield "unigram-unknown", unigram("unigram-unknown")
    yield "bert", word_piece("bert")


def main():
    llama = ctypes.CDLL(sorted(glob.glob(os.path.join(sys.argv[1], "libllama.v*so")))[0])
    llama.llama_model_default_params.restype = Parameters
    llama.llama_model_load_from_file.argtypes, llama.llama_model_load_from_file.restype = [ctypes.c_char_p, Parameters], ctypes.c_void_p
    llama.llama_model_get_vocab.argtypes, llama.llama_model_get_vocab.restype = [ctypes.c_void_p], ctypes.c_void_p
    llama.llama_tokenize.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int32, ctypes.c_void_p, ctypes.c_int32, ctypes.c_bool, ctypes.c_bool]
    llama.llama_backend_init()
    ggml = ctypes.CDLL(sorted(glob.glob(os.path.join(sys.argv[1], "libggml.v*so")))[0])
    ggml.ggml_backend_load_all_from_path(sys.argv[1].encode())
    for name, metadata in files():
        path = os.path.join(FOLDER, name + ".gguf")
        write(path, name, metadata)
        parameters = llama.llama_model_default_params()
        parameters.vocab_only = True
        model = llama.llama_model_load_from_file(path.encode(), parameters)
        assert model, name
        vocabulary = llama.llama_model_get_vocab(model)
        with open(os.path.join(FOLDER, name + ".llama-cpp"), "w", encoding="utf-8") as stream:
            for text in TEXTS:
                data = text.encode()
                ids = (ctypes.c_int32 * 4096)()
                count = llama.llama_tokenize(vocabulary, data, len(data), ids, 4096, True, True)
                stream.write(" ".join(map(str, ids[:count])) + "\n")


if __name__ == "__main__":
    main()
