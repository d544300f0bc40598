"""Writes what the fixtures are made of: safetensors, JSON as Hugging Face writes it, and GGUF."""

import json
import os
import struct

import numpy
import torch

SAFETENSORS_TYPES = {torch.float32: "F32", torch.bfloat16: "BF16", torch.float16: "F16"}


def raw_bytes(tensor):
    """A tensor's bytes, little-endian (numpy has no bfloat16, so 16-bit types go by way of integers)."""
    tensor = tensor.contiguous()
    return (tensor if tensor.dtype == torch.float32 else tensor.view(torch.int16)).numpy().tobytes()


def write_safetensors(path, tensors):
    header, data, offset = {"__metadata__": {"format": "pt"}}, [], 0
    for name in sorted(tensors):
        bytes_ = raw_bytes(tensors[name])
        header[name] = {
            "dtype": SAFETENSORS_TYPES[tensors[name].dtype],
            "shape": list(tensors[name].shape),
            "data_offsets": [offset, offset + len(bytes_)],
        }
        offset += len(bytes_)
        data.append(bytes_)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(data))


def read_safetensors(path):
    with open(path, "rb") as file:
        data = file.read()
    end = 8 + struct.unpack("<Q", data[:8])[0]
    tensors, types = {}, {name: kind for kind, name in SAFETENSORS_TYPES.items()}
    for name, entry in json.loads(data[8:end]).items():
        if name != "__metadata__":
            first, last = entry["data_offsets"]
            part = torch.frombuffer(bytearray(data[end + first:end + last]), dtype=types[entry["dtype"]])
            tensors[name] = part.reshape(entry["shape"])
    return tensors


def write_sharded(folder, tensors, shards):
    """Tensors in several files, by name in turn, with the index that says which file holds which."""
    names = sorted(tensors)
    per_shard = -(-len(names) // shards)
    places = {}
    for shard in range(shards):
        file = f"model-{shard + 1:05}-of-{shards:05}.safetensors"
        mine = names[shard * per_shard:(shard + 1) * per_shard]
        write_safetensors(os.path.join(folder, file), {name: tensors[name] for name in mine})
        places.update({name: file for name in mine})
    size = sum(len(raw_bytes(tensor)) for tensor in tensors.values())
    write_json(os.path.join(folder, "model.safetensors.index.json"), {"metadata": {"total_size": size}, "weight_map": places})


def write_json(path, value):
    with open(path, "w", encoding="utf-8") as file:
        file.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def write_numbers(path, value):
    """JSON with each list of numbers on one line."""
    def write(value, indent):
        inner = indent + "  "
        if isinstance(value, dict):
            return "{\n" + ",\n".join(f"{inner}{json.dumps(key)}: {write(item, inner)}" for key, item in value.items()) + f"\n{indent}}}"
        if isinstance(value, list) and value and isinstance(value[0], (list, dict)):
            return "[\n" + ",\n".join(inner + write(item, inner) for item in value) + f"\n{indent}]"
        return json.dumps(value, ensure_ascii=False)

    with open(path, "w", encoding="utf-8") as file:
        file.write(write(value, "") + "\n")


def rounded(tensor):
    """Nested lists of numbers with 7 significant digits: more than a single-precision sum of this length is good for."""
    if tensor.dim() > 0:
        return [rounded(item) for item in tensor]
    return float(f"{tensor.item():.7g}")


# ---------------------------------------------------------------------------------------------------------------------
# GGUF, version 3, by ggml's docs/gguf.md

GGUF_ALIGNMENT = 32
GGML_F32, GGML_Q8_0 = 0, 8


def gguf_string(text):
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def gguf_value(value):
    """A value behind the number of its type. Whole numbers are written as uint32, lists of them as int32."""
    if isinstance(value, bool):
        return struct.pack("<I?", 7, value)
    if isinstance(value, int):
        return struct.pack("<II", 4, value)
    if isinstance(value, float):
        return struct.pack("<If", 6, value)
    if isinstance(value, str):
        return struct.pack("<I", 8) + gguf_string(value)
    if isinstance(value[0], str):
        return struct.pack("<IIQ", 9, 8, len(value)) + b"".join(gguf_string(item) for item in value)
    if isinstance(value[0], float):
        return struct.pack("<IIQ", 9, 6, len(value)) + struct.pack(f"<{len(value)}f", *value)
    return struct.pack("<IIQ", 9, 5, len(value)) + struct.pack(f"<{len(value)}i", *value)


def encode_q8_0(tensor):
    """Blocks of 32 values: a half-precision scale, the largest magnitude / 127, and 32 signed bytes."""
    blocks = tensor.numpy().reshape(-1, 32)
    scales = numpy.abs(blocks).max(axis=1, keepdims=True) / numpy.float32(127)
    inverses = numpy.divide(numpy.float32(1), scales, out=numpy.zeros_like(scales), where=scales != 0)
    scaled = blocks * inverses
    codes = numpy.trunc(scaled + numpy.copysign(numpy.float32(0.5), scaled)).astype(numpy.int8)
    halves = scales.astype(numpy.float16)
    data = numpy.concatenate([halves.view(numpy.int8), codes], axis=1).tobytes()
    decoded = torch.from_numpy(halves.astype(numpy.float32) * codes).reshape(tensor.shape)
    return data, decoded


def write_gguf(path, metadata, tensors):
    """tensors: name to (type's number, shape outermost first, bytes)."""
    pad = lambda length: -length % GGUF_ALIGNMENT
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(metadata))
    for key, value in metadata.items():
        head += gguf_string(key) + gguf_value(value)
    body = b""
    for name, (kind, shape, data) in tensors.items():
        head += gguf_string(name) + struct.pack("<I", len(shape)) + struct.pack(f"<{len(shape)}Q", *reversed(shape))
        head += struct.pack("<IQ", kind, len(body))
        body += data + bytes(pad(len(data)))
    with open(path, "wb") as file:
        file.write(head + bytes(pad(len(head))) + body)


def read_gguf_tensors(path):
    """Name to (type's number, shape outermost first, bytes) of a file that write_gguf or llama.cpp wrote."""
    with open(path, "rb") as file:
        data = file.read()
    place = 24
    tensor_count, entry_count = struct.unpack_from("<QQ", data, 8)

    def number(form):
        nonlocal place
        value = struct.unpack_from("<" + form, data, place)[0]
        place += struct.calcsize("<" + form)
        return value

    def skip_string():
        nonlocal place
        length = number("Q")
        place += length

    def skip_value(kind):
        nonlocal place
        if kind == 8:
            skip_string()
        elif kind == 9:
            element, count = number("I"), number("Q")
            for _ in range(count):
                skip_value(element)
        else:
            place += {0: 1, 1: 1, 2: 2, 3: 2, 7: 1, 10: 8, 11: 8, 12: 8}.get(kind, 4)

    for _ in range(entry_count):
        skip_string()
        skip_value(number("I"))
    infos = []
    for _ in range(tensor_count):
        length = number("Q")
        name = data[place:place + length].decode()
        place += length
        shape = [number("Q") for _ in range(number("I"))][::-1]
        infos.append((name, number("I"), shape, number("Q")))
    begin = place + -place % GGUF_ALIGNMENT
    ends = sorted([offset for *_, offset in infos] + [len(data) - begin])
    return {name: (kind, shape, data[begin + offset:begin + ends[ends.index(offset) + 1]]) for name, kind, shape, offset in infos}
