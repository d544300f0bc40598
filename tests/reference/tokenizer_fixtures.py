"""Trains small tokenizers on the repository's own texts and writes them as tokenizer.json files of each kind that is read.

    cd tests/reference && /usr/bin/python3 tokenizer_fixtures.py     (Debian's python3-sentencepiece)

What they must give is written beside them by Hugging Face's own library: see tokenizers_expected.cs.
"""

import base64
import collections
import glob
import io
import json
import os
import re

import sentencepiece

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
FOLDER = os.path.join(ROOT, "tests", "Landfall.Inference.Tests", "Fixtures", "tokenizers")
GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
QWEN2 = LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")
TEKKEN = (r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|"
          r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|"
          r"\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")

TEXTS = [
    "", " ", "  ", "a", " a", "a ", "Hello, world!", "  two  spaces   three", "The quick brown fox jumps over the lazy dog.",
    "I'm sure they'll say it's what we'd've done; DON'T they'RE I'VE", "x'\u017f y'\u017f", "'s 'T 'LL", "don\u2019t",
    "line one\nline two\r\nline three\n\n\nafter three", "\n", "\n\n  \n x", "tab\tand\t\ttabs", "   \n   leading", "trailing   \n   ",
    "1", "12", "123", "1234", "12345678901", "3.14159 1,000,000 2^10", "\u0663\u0664\u0665 \u00bd \u2167 \u00b2\u00b3", "\U0001d7d8\U0001d7d9\U0001d7da\U0001d7db 12",
    "\u6a21\u578b\u7684\u8bc4\u4f30", "\u4f60\u597d\uff0c\u4e16\u754c\uff01\u4eca\u5929\u5929\u6c14\u5f88\u597d\u3002", "\u4e2d\u6587 and English \u6df7\u5408 text123\u4e2d\u6587",
    "\U00020000\U00020001 \U0002a6d6x", "\u3053\u3093\u306b\u3061\u306f\u4e16\u754c", "\ud55c\uad6d\uc5b4 \ud14d\uc2a4\ud2b8", "\u1112\u1161\u11ab",
    "\U0001f600", "\U0001f600\U0001f603 smile \U0001f44d\U0001f3fd!", "\U0001f468\u200d\U0001f469\u200d\U0001f467 family", "\U0001d400\U0001d401\U0001d402 math \U0001d49c",
    "caf\u00e9 cafe\u0301 na\u00efve \u00c5ngstr\u00f6m A\u030a", "\ufb01 \u2460 \uff21\uff22\uff23 \u212b \u2126", "\u0130stanbul I\u0307 \u00df \u1e9e",
    "\u0440\u0443\u0441\u0441\u043a\u0438\u0439 \u0442\u0435\u043a\u0441\u0442", "\u0645\u0631\u062d\u0628\u0627 \u0628\u0627\u0644\u0639\u0627\u0644\u0645", "\u0928\u092e\u0938\u094d\u0924\u0947 \u0926\u0941\u0928\u093f\u092f\u093e", "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35",
    "def f(x):\n    return x**2  # square\n\nprint(f(3))\n", "for (int i = 0; i < n; ++i) { a[i] += b[i] * 2.5f; }", "{\"key\": [1, 2.5, null], \"s\": \"a\\nb\"}",
    "https://example.com/a/b?c=d&e=%20f#g", "user@example.com", "C:\\path\\to\\file", "<html><body class=\"x\">&amp;</body></html>",
    "!!!???...---===", "$100 + 50% = #1 @home ^~`|", "\u2014 \u2013 \u2026 \u00ab\u00bb \u201cquoted\u201d \u2018single\u2019", "a_b_c __init__ snake_case CamelCase UPPERCASE",
    "\x00\x01\x02 control \x7f\x1b[0m", "\u00a0nbsp\u00a0 \u2003em\u3000wide", "\u200bzero\u200cwidth\u200d\ufeff", "\u2028line\u2029para\x85nel\x0bvt\x0cff",
    "\ufffd replacement \ufffe", "\ue000private\U000f0000", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "                                        forty spaces", "\n\n\n\n\n\n\n\n\t\t\t\t\r\r\r\r", "=" * 60, "ab" * 40, "word\n" * 5,
    "<s>user</s> <unk> [CLS] [SEP] <|eot_id|><|im_start|>user\nHi<|im_end|>", "text<|im_end|>  \n text <tool> x<tool>y  <tool>", "<tool_call>{\"name\": \"f\"}</tool_call>", "xsolo solo solox solo, solo",
    "\u2581already\u2581marked \u2581", "\u0120\u010a byte alphabet \u00c4\u00a3", "<0x0A> <0xFF> not bytes", "##ing ##", "The evaluation of the landing report compares techniques.",
    "Landfall keeps the journal of every run, and no cell is run twice.", "unaffable misunderstanding antidisestablishmentarianism", "A.B.C. e.g. i.e. U.S.A.", "it's don't can't we're I'm you've he'd",
    "mixed\u4e2d\u6587123abc\u00e9\U0001f600\n\t end", "  \u4e2d  \u6587  ", "\u3002\u3002\u3002\uff0c\uff0c", "1\u4e2d2\u65873", "\u00e9\u00e8\u00ea\u00eb", "z\u0335\u0321\u0353a\u0341l\u0322g\u0300o",
]


def byte_characters():
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return {**{byte: chr(byte) for byte in printable}, **{byte: chr(256 + place) for place, byte in enumerate(others)}}


BYTES = byte_characters()


def corpus():
    paths = sorted(glob.glob(os.path.join(ROOT, "docs", "*.md"))) + [os.path.join(ROOT, "README.md"), os.path.join(ROOT, "README.zh-CN.md")]
    return "\n".join(open(path, encoding="utf-8").read() for path in paths) + "\n" + "\n".join(TEXTS[:50])


def train_bytes(text, count):
    words = collections.Counter(re.findall(r" ?[^\W\d_]+| ?\d| ?(?:[^\s\w]|_)+|\s+(?!\S)|\s+", text))
    words = {tuple(BYTES[byte] for byte in word.encode()): number for word, number in words.items()}
    merges = []
    while len(merges) < count:
        pairs = collections.Counter()
        for symbols, number in words.items():
            for pair in zip(symbols, symbols[1:]):
                pairs[pair] += number
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        joined = {}
        for symbols, number in words.items():
            result, place = [], 0
            while place < len(symbols):
                both = symbols[place:place + 2] == best
                result.append("".join(best) if both else symbols[place])
                place += 2 if both else 1
            joined[tuple(result)] = joined.get(tuple(result), 0) + number
        words = joined
    return merges


def added(first, *tokens):
    return [{"id": first + place, "content": content, "single_word": "1" in flags, "lstrip": "l" in flags, "rstrip": "r" in flags,
             "normalized": "n" in flags, "special": "s" in flags} for place, (content, flags) in enumerate(tokens)]


def tokenizer(model, added_tokens=(), normalizer=None, pre_tokenizer=None, post_processor=None, decoder=None):
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": list(added_tokens), "normalizer": normalizer,
            "pre_tokenizer": pre_tokenizer, "post_processor": post_processor, "decoder": decoder, "model": model}


def bpe(vocabulary, merges, pairs=False, **options):
    return {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None, "end_of_word_suffix": None, "fuse_unk": False,
            "byte_fallback": False, "ignore_merges": False, "vocab": vocabulary, "merges": [list(pair) if pairs else " ".join(pair) for pair in merges]} | options


def template(before, after, ids):
    return {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": name, "type_id": 0}} for name in before]
            + [{"Sequence": {"id": "A", "type_id": 0}}] + [{"SpecialToken": {"id": name, "type_id": 0}} for name in after],
            "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
            "special_tokens": {name: {"id": name, "ids": [ids[name]], "tokens": [name]} for name in before + after}}


def split(pattern, behavior="Isolated", invert=False):
    return {"type": "Split", "pattern": {"Regex": pattern}, "behavior": behavior, "invert": invert}


def byte_level(use_regex=True, prefix=False):
    return {"type": "ByteLevel", "add_prefix_space": prefix, "trim_offsets": True, "use_regex": use_regex}


def sequence(kind, *steps):
    return {"type": "Sequence", kind: list(steps)}


def byte_level_files(text):
    merges = train_bytes(text, 400)
    vocabulary = {token: place for place, token in enumerate(sorted(BYTES.values()) + ["".join(pair) for pair in merges])}
    size = len(vocabulary)
    plain = added(size, ("<|endoftext|>", "s"))
    chat = added(size, ("<|endoftext|>", "s"), ("<|im_start|>", "s"), ("<|im_end|>", "s"), ("<tool_call>", ""), ("</tool_call>", ""), ("<tool>", "lr"), ("solo", "1n"))
    llama = added(size + 1, ("<|begin_of_text|>", "s"), ("<|eot_id|>", "s"))
    # A whole word that no merges lead to, which only ignore_merges finds.
    whole = vocabulary | {"\u0120evaluation": size}
    yield "gpt2", tokenizer(bpe(vocabulary, merges), plain, None, byte_level(), byte_level(), byte_level())
    yield "gpt2-prefix", tokenizer(bpe(vocabulary, merges), plain, None, byte_level(prefix=True), byte_level(), byte_level())
    yield "llama3", tokenizer(
        bpe(whole, merges, ignore_merges=True), llama, None, sequence("pretokenizers", split(LLAMA3), byte_level(False)),
        sequence("processors", byte_level(), template(["<|begin_of_text|>"], [], {"<|begin_of_text|>": size + 1})), byte_level())
    yield "qwen2", tokenizer(bpe(vocabulary, merges, pairs=True), chat, {"type": "NFC"}, sequence("pretokenizers", split(QWEN2), byte_level(False)), byte_level(), byte_level())
    yield "tekken", tokenizer(bpe(vocabulary, merges), plain, None, sequence("pretokenizers", split(TEKKEN), byte_level(False)), byte_level(), byte_level())
    yield "deepseek", tokenizer(bpe(vocabulary, merges), plain, None, sequence(
        "pretokenizers", split(r"[\r\n]"), split(r"\s?\p{L}+"), split(r"\s?\p{P}+"), split("[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+"),
        {"type": "Digits", "individual_digits": True}, byte_level(False)), byte_level(), byte_level())
    yield "starcoder", tokenizer(bpe(vocabulary, merges), plain, None, sequence("pretokenizers", {"type": "Digits", "individual_digits": True}, byte_level()), byte_level(), byte_level())
    yield "words", tokenizer(bpe(vocabulary, merges, unk_token="!", fuse_unk=True), plain, sequence("normalizers", {"type": "NFKD"}, {"type": "StripAccents"}, {"type": "Lowercase"}),
                             sequence("pretokenizers", {"type": "Whitespace"}, split(r"\w", "MergedWithPrevious", True)), None, byte_level())
    yield "punctuation", tokenizer(bpe(vocabulary, merges), plain, {"type": "Strip", "strip_left": True, "strip_right": True}, sequence(
        "pretokenizers", {"type": "Punctuation", "behavior": "Contiguous"}, {"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithNext", "invert": False}, byte_level(False)), None, byte_level())


def pieces(model):
    return [(model.IdToPiece(place), model.GetScore(place)) for place in range(model.GetPieceSize())]


def train_pieces(text, kind, size, rules):
    """A SentencePiece model: the library's trainer, with a character map of a few rules instead of 200 KB of NFKC."""
    path = "/tmp/landfall-rules.tsv"
    with open(path, "w", encoding="ascii") as stream:
        stream.write(rules)
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.Train(
        sentence_iterator=iter(line for line in text.split("\n") if line.strip()), model_writer=model, vocab_size=size, model_type=kind, byte_fallback=True,
        character_coverage=0.98, normalization_rule_tsv=path, remove_extra_whitespaces=False, num_threads=1, minloglevel=2, split_digits=True)
    return model.getvalue()


def field(message, wanted):
    """The bytes of a length-delimited field of a protocol buffer."""
    def number(place):
        value = shift = 0
        while True:
            byte = message[place]
            value |= (byte & 127) << shift
            place, shift = place + 1, shift + 7
            if byte < 128:
                return value, place
    place = 0
    while place < len(message):
        key, place = number(place)
        if key & 7 == 2:
            length, place = number(place)
            if key >> 3 == wanted:
                return message[place:place + length]
            place += length
        elif key & 7 == 0:
            _, place = number(place)
        else:
            place += 4 if key & 7 == 5 else 8
    return b""


def merges_of(tokens):
    """The pairs that a token can be joined from, best token first, as Hugging Face's converter has it."""
    ids = {token: place for place, (token, _) in enumerate(tokens)}
    merges = []
    for token, score in tokens:
        pairs = [(token[:cut], token[cut:], score) for cut in range(1, len(token)) if token[:cut] in ids and token[cut:] in ids]
        merges += sorted(pairs, key=lambda pair: (ids[pair[0]], ids[pair[1]]))
    return [(left, right) for left, right, _ in sorted(merges, key=lambda pair: -pair[2])]


def sentencepiece_files(text):
    rules = "FB01\t66 69\nFF21\t41\n2460\t31\n212B\tC5\n65 301\tE9\n3000\t20\nA0\t20\n9\t20\n"
    special = added(0, ("<unk>", "s"), ("<s>", "s"), ("</s>", "s"))
    tokens = pieces(sentencepiece.SentencePieceProcessor(model_proto=train_pieces(text, "bpe", 900, rules)))
    vocabulary = {token: place for place, (token, _) in enumerate(tokens)}
    merges = merges_of(tokens[259:])
    options = {"unk_token": "<unk>", "fuse_unk": True, "byte_fallback": True}
    spaces = {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"}
    back = [{"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}]
    strip = {"type": "Strip", "content": " ", "start": 1, "stop": 0}
    around = template(["<s>"], [], {"<s>": 1})
    yield "llama2", tokenizer(bpe(vocabulary, merges, **options), special, sequence("normalizers", {"type": "Prepend", "prepend": "\u2581"}, spaces), None, around,
                              sequence("decoders", *back, strip))
    yield "mistral", tokenizer(bpe(vocabulary, merges, **options), special, None, {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "first", "split": False},
                               around, sequence("decoders", *back, strip))
    yield "gemma", tokenizer(bpe(vocabulary, merges, pairs=True, **options), special, spaces,
                             {"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious", "invert": False}, around, sequence("decoders", *back))
    yield "unknown", tokenizer(bpe({token: place for token, place in vocabulary.items() if not re.fullmatch("<0x..>", token)}, merges, **options | {"byte_fallback": False}),
                               special, sequence("normalizers", {"type": "Prepend", "prepend": "\u2581"}, spaces), None, around, sequence("decoders", *back, strip))
    model = train_pieces(text, "unigram", 900, rules)
    tokens = [list(piece) for piece in pieces(sentencepiece.SentencePieceProcessor(model_proto=model))]
    precompiled = {"type": "Precompiled", "precompiled_charsmap": base64.b64encode(field(field(model, 3), 2)).decode()}
    metaspace = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True}
    yield "unigram", tokenizer({"type": "Unigram", "unk_id": 0, "vocab": tokens, "byte_fallback": True}, special, precompiled, metaspace, template([], ["</s>"], {"</s>": 2}), metaspace)
    words = [[token, score] for token, score in tokens if not re.fullmatch("<0x..>", token)]
    yield "unigram-unknown", tokenizer({"type": "Unigram", "unk_id": 0, "vocab": words, "byte_fallback": False}, special, sequence(
        "normalizers", precompiled, {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}), metaspace, template([], ["</s>"], {"</s>": 2}), metaspace)


def word_piece_file(text):
    words = collections.Counter(re.findall(r"[a-z]+|\d+", text.lower()))
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *map(chr, range(0x21, 0x7F)), *"\u4f60\u597d\u4e2d\u6587\u4e16\u754c\u3002\uff0c\u00bd\u0663"]
    tokens += [word for word, _ in words.most_common(400)]
    tokens += ["##" + end for end, _ in collections.Counter(word[-cut:] for word in words for cut in (1, 2, 3, 4)).most_common(150)]
    ids = {token: place for place, token in enumerate(dict.fromkeys(tokens))}
    special = [token for token in added(0, *((name, "s") for name in tokens[:5]))]
    model = {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": ids}
    normalizer = {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True}
    decoder = {"type": "WordPiece", "prefix": "##", "cleanup": True}
    yield "bert", tokenizer(model, special, normalizer, {"type": "BertPreTokenizer"}, {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]}, decoder)


def main():
    os.makedirs(FOLDER, exist_ok=True)
    text = corpus()
    for name, content in [*byte_level_files(text), *sentencepiece_files(text), *word_piece_file(text)]:
        with open(os.path.join(FOLDER, name + ".json"), "w", encoding="utf-8") as stream:
            json.dump(content, stream, ensure_ascii=False, separators=(",", ":"))
            stream.write("\n")
    with open(os.path.join(FOLDER, "texts.txt"), "w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(text) + "\n" for text in TEXTS)


if __name__ == "__main__":
    main()
