"""Makes the fixtures llama-cpp-*: GGUF files that llama.cpp quantised, with what the reference computes from their weights as
ggml's own code decodes them. An oracle for reading each type that shares no code with Landfall.

    quantise_with_llama_cpp.py <folder with libllama and libggml-base>

The folder is node_modules/@node-llama-cpp/linux-x64/bins/linux-x64 of the npm package node-llama-cpp (its version is in
bench/peers/inference/package.json). Linux on x86-64 only, where a large struct is returned through a pointer given first.
"""

import ctypes
import glob
import os
import sys
import tempfile

import torch

import formats
import make_fixtures
import models

# llama_ftype: what `llama-quantize` calls the kinds of files.
KINDS = {"q4_0": 2, "q4_1": 3, "q5_0": 8, "q5_1": 9, "q4_k_m": 15, "q5_k_m": 17, "q6_k": 18}
GGML_TYPES = {2: "q4_0", 3: "q4_1", 6: "q5_0", 7: "q5_1", 8: "q8_0", 12: "q4_K", 13: "q5_K", 14: "q6_K"}


def library(folder, pattern):
    return ctypes.CDLL(sorted(glob.glob(os.path.join(folder, pattern)))[0], mode=ctypes.RTLD_GLOBAL)


def quantise(llama, source, target, kind):
    parameters = ctypes.create_string_buffer(1024)  # more than llama_model_quantize_params in any version
    defaults = llama.llama_model_quantize_default_params
    defaults.restype, defaults.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
    defaults(parameters)
    ctypes.cast(parameters, ctypes.POINTER(ctypes.c_int32))[0] = 1  # nthread
    ctypes.cast(parameters, ctypes.POINTER(ctypes.c_int32))[1] = kind  # ftype
    llama.llama_model_quantize.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p]
    llama.llama_model_quantize.restype = ctypes.c_uint32
    assert llama.llama_model_quantize(source.encode(), target.encode(), parameters) == 0


def decode(ggml, kind, shape, data):
    count = 1
    for dimension in shape:
        count *= dimension
    if kind == formats.GGML_F32:
        return torch.frombuffer(bytearray(data[:4 * count]), dtype=torch.float32).reshape(shape)
    values = (ctypes.c_float * count)()
    decoder = getattr(ggml, "dequantize_row_" + GGML_TYPES[kind])
    decoder.argtypes, decoder.restype = [ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int64], None
    decoder(data, values, count)
    return torch.frombuffer(values, dtype=torch.float32).clone().reshape(shape)


def uninterleaved(weight, heads):
    return weight.reshape(heads, -1, 2, weight.shape[-1]).transpose(1, 2).reshape(weight.shape)


def fixture(libraries, name, kind, config, weights, seed, lengths):
    llama, ggml = libraries
    folder = make_fixtures.fresh("llama-cpp-" + name)
    target = os.path.join(folder, "model.gguf")
    with tempfile.TemporaryDirectory() as temporary:
        source = os.path.join(temporary, "model.gguf")
        make_fixtures.write_gguf(source, name, config, weights, make_fixtures.sentencepiece_vocabulary())
        quantise(llama, source, target, kind)
    tensors = formats.read_gguf_tensors(target)
    decoded = {}
    for key in weights:
        values, heads = decode(ggml, *tensors[make_fixtures.gguf_name(key)]), make_fixtures.turned_heads(config, key)
        decoded[key] = uninterleaved(values, heads) if heads else values
    cases = make_fixtures.expectations(config, make_fixtures.double(decoded), seed, lengths, least_lead=0.1)
    types = {key: GGML_TYPES.get(kind, "f32") for key, (kind, *_) in sorted(tensors.items()) if kind != formats.GGML_F32}
    formats.write_numbers(os.path.join(folder, "expected.json"), {"types": types, "prompts": cases})
    print(name, sorted(set(types.values())), os.path.getsize(target), "bytes")


def main():
    torch.set_num_threads(1)
    libraries = (library(sys.argv[1], "libllama.v*.so"), library(sys.argv[1], "libggml-base.so"))
    small = make_fixtures.decoder_config("Llama")
    # Rows of 256 for the K types; the attention's output has rows of 128, for which llama.cpp falls back to another type.
    wide = make_fixtures.decoder_config(
        "Llama", hidden_size=256, intermediate_size=256, num_attention_heads=2, num_key_value_heads=1, head_dim=64, num_hidden_layers=1)
    for name, kind in KINDS.items():
        config = wide if "_k" in name else small
        seed = 200 + kind
        fixture(libraries, name, kind, config, make_fixtures.decoder_weights(config, seed), seed, (1, 7, 23))


if __name__ == "__main__":
    main()
