"""A byte-level BPE tokenizer (Sennrich et al., arXiv 1508.07909; GPT-2's bytes as characters) and its Hugging Face files."""

import collections
import re

SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]

# GPT-2's pattern: contractions, then letters, numbers or signs with one space before them, then white space.
WORDS = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?[^\W\d_]+| ?\d+| ?(?:[^\s\w]|_)+|\s+(?!\S)|\s+")

CHAT_TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] | trim + '<|im_end|>\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}")


def byte_characters():
    """A printable character for each byte: itself where it is printable, else one from 256 on."""
    printable = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return {**{byte: chr(byte) for byte in printable}, **{byte: chr(256 + place) for place, byte in enumerate(others)}}


BYTES = byte_characters()


def characters(word):
    return tuple(BYTES[byte] for byte in word.encode())


def joined(symbols, pair):
    result, place = [], 0
    while place < len(symbols):
        both = symbols[place:place + 2] == pair
        result.append("".join(pair) if both else symbols[place])
        place += 2 if both else 1
    return tuple(result)


def train(text, size):
    """The commonest pair of neighbours becomes a symbol, again and again; of equally common ones the first in order."""
    words = collections.Counter(characters(word) for word in WORDS.findall(text))
    merges = []
    while len(SPECIAL) + 256 + len(merges) < size:
        pairs = collections.Counter()
        for symbols, count in words.items():
            for pair in zip(symbols, symbols[1:]):
                pairs[pair] += count
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        words = collections.Counter({joined(symbols, best) if best[0] in symbols else symbols: count for symbols, count in words.items()})
    return merges


def vocabulary(merges):
    tokens = SPECIAL + sorted(BYTES.values()) + ["".join(pair) for pair in merges]
    return {token: place for place, token in enumerate(tokens)}


def encode(text, merges, ids):
    """Ids of a text; special tokens stand for themselves."""
    ranks, known, result = {pair: rank for rank, pair in enumerate(merges)}, {}, []
    for part in re.split("(" + "|".join(map(re.escape, SPECIAL)) + ")", text):
        if part in SPECIAL:
            result.append(ids[part])
            continue
        for word in WORDS.findall(part):
            if word not in known:
                symbols = characters(word)
                while len(symbols) > 1:
                    pair = min(zip(symbols, symbols[1:]), key=lambda pair: ranks.get(pair, len(ranks)))
                    if pair not in ranks:
                        break
                    symbols = joined(symbols, pair)
                known[word] = [ids[symbol] for symbol in symbols]
            result.extend(known[word])
    return result


def decode(tokens, ids):
    names, values = {place: token for token, place in ids.items()}, {character: byte for byte, character in BYTES.items()}
    data = b"".join(
        names[token].encode() if names[token] in SPECIAL else bytes(values[character] for character in names[token])
        for token in tokens)
    return data.decode(errors="replace")


def tokenizer_json(merges):
    ids = vocabulary(merges)
    added = [{"id": ids[token], "content": token, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False,
              "special": True} for token in SPECIAL]
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": added, "normalizer": None,
        "pre_tokenizer": byte_level, "post_processor": {**byte_level, "trim_offsets": False}, "decoder": byte_level,
        "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None, "end_of_word_suffix": None,
                  "fuse_unk": False, "byte_fallback": False, "ignore_merges": False,
                  "vocab": ids, "merges": [" ".join(pair) for pair in merges]}}


def tokenizer_config(longest):
    return {
        "add_prefix_space": False,
        "added_tokens_decoder": {str(place): {"content": token, "lstrip": False, "normalized": False, "rstrip": False,
                                              "single_word": False, "special": True} for place, token in enumerate(SPECIAL)},
        "bos_token": "<|endoftext|>", "chat_template": CHAT_TEMPLATE, "clean_up_tokenization_spaces": False,
        "eos_token": "<|im_end|>", "model_max_length": longest, "pad_token": "<|endoftext|>",
        "tokenizer_class": "PreTrainedTokenizerFast", "unk_token": None}
