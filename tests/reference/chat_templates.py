"""What Jinja itself makes of the chat templates and expressions in the fixtures, set up as Hugging Face's transformers does.

    cd tests/reference && python3 chat_templates.py     (jinja2 3.1)
"""

import datetime
import glob
import json
import os

import jinja2
import jinja2.ext
import jinja2.nodes
import jinja2.sandbox

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Landfall.Inference.Tests", "Fixtures", "templates")

VARIABLES = {
    "t": "Hello, World", "s": "  padded\t\n", "z": "\u4f60\u597d\U0001f600!", "e": "", "n": None, "yes": True, "no": False, "i": 7, "f": 2.5, "big": 12345678901234567890,
    "l": [3, 1, 2], "w": ["b", "A", "c", "a"], "d": {"b": 1, "a": [1, {"x": "y"}], "items": "mine", "n": None}, "empty": [], "none": None,
    "p": [{"k": "x", "v": 2, "on": True}, {"k": "y", "v": 1, "on": False}, {"k": "x", "v": 3}], "deep": {"a": {"b": {"c": [10, 20]}}},
}

EXPRESSIONS = r"""
1 + 2 * 3 - 4 / 2 // 3 % 5 ** 2
-7 // 2, -7 % 3, 7 // -2, 7 % -3, 7.5 // 2, -7.5 % 2
2 ** 3 ** 2, 2 ** -1, -2 ** 2
1 / 3, 1.0, 1e16, 1e15, 1.5e-5, 0.0001, 123456789.123, 1e100, 0.1 + 0.2
10 / 2, 3 * 1.0, 5 // 2.0, 1_000
i + f, i * yes, yes + yes, not i, not e, -f, +i
"a" + "b" ~ 1 ~ none ~ true ~ 1.0 ~ [1, "x"] ~ {"k": none}
"ab" * 3, 2 * "x", [1] * 2, [1, 2] + [3]
"a" "b" 'c'
'\n\t\\\'\"\x41\u4f60\q'
"%s is %d and %.2f%%" % ("x", 3, 2.0)
"%s" % t
1 < 2 < 3, 1 < 3 < 2, 1 == 1.0, true == 1, "a" < "b", [1, 2] < [1, 3], "1" == 1, none == none, missing == missing
i in l, 3 in l, "ell" in t, "b" in d, "zz" not in d, not "b" in d, none in [none]
yes and t, no and t, no or t, yes or t, e or empty or "last", not no and yes
"x" if yes else "y", "x" if no else "y", "x" if no, ("a" if no else "b" if no else "c")
t[0], t[-1], t[7:], t[:5], t[::2], t[::-1], t[-5:-1], t[100:], t[5:2], t[::-2], t[2:-2:3], t[99]
z[0], z[2], z[::-1], z[1:3], z | length, z | list, z | reverse, z | first, z | last
l[0], l[-1], l[1:], l[::-1], l[5], l[:-1], l[-2::-1], empty[::-1], l[10:0:-1], l[:1:-1]
d.b, d["b"], d.a[1].x, d["a"][1]["x"], d.missing, d["missing"], d.items is callable, d["items"], d.get("b"), d.get("q"), d.get("q", 5)
deep.a.b.c[1], deep["a"].b["c"][-1], deep.a.q is defined, (deep.q.r is defined) if (deep.q is defined) else "no"
d.items() | list, d.keys() | list, d.values() | list, d | items | list, d | list, d | length
t.upper(), t.lower(), t.title(), t.capitalize(), "it's a b-c".title(), "ONE two".capitalize()
s.strip() ~ "|" ~ s.lstrip() ~ "|" ~ s.rstrip() ~ "|" ~ "xxaxx".strip("x") ~ "|" ~ "xyaxy".lstrip("yx") ~ "|" ~ "abc".rstrip("c")
t.split(","), t.split(), " a  b ".split(), "a,b,c".split(",", 1), "a,b,c".rsplit(",", 1), "a".split(","), "".split(","), "".split(), " a b c ".split(none, 1), " a b c ".rsplit(none, 1)
t.startswith("Hell"), t.endswith("x"), t.startswith(("x", "H")), t.find("W"), t.find("q"), t.rfind("l"), t.count("l"), z.find("!")
t.replace("l", "L"), t.replace("l", "L", 1), "aaa".replace("aa", "b"), "abc".replace("", "-"), t.replace("zz", "y")
"{} and {}".format(1, "b"), "{0}{1}{0}".format("a", "b"), "{x}".format(x=2), "{{}}".format()
"a\nb\n".splitlines(), "prefix-x".removeprefix("prefix-"), "x.txt".removesuffix(".txt"), ",".join(["a", "b"]), "12".isdigit(), "ab".isalpha(), "a1".isalnum(), " ".isspace(), "AB".isupper(), "ab".islower()
t | upper, t | lower, "hello wORLD-foo (bar)" | title, "hello" | capitalize, s | trim, "xxaxx" | trim("x")
t | length, l | length, d | count, e | length, missing | length
l | first, l | last, empty | first is defined, t | first, l | join(", "), l | join, ["a", 1, none] | join("-"), p | join(",", attribute="k")
missing | default("d"), none | default("d"), none | default("d", true), e | default("d", true), missing | default, missing | d("x"), 0 | default(5, boolean=true)
p | map(attribute="k") | list, p | map(attribute="v") | sum, p | map(attribute="on", default=0) | list, ["a", "b"] | map("upper") | list, ["1", "2"] | map("int") | list, ["a"] | map("replace", "a", "z") | list
p | selectattr("on") | list | length, p | selectattr("k", "equalto", "x") | map(attribute="v") | list, p | rejectattr("k", "eq", "x") | list, p | selectattr("on", "defined") | list | length, p | selectattr("v", "gt", 1) | map(attribute="v") | list
l | select("odd") | list, l | reject("odd") | list, [0, 1, none, "a"] | select | list, w | select("in", ["a", "b"]) | list, [1, "a", none] | select("string") | list
l | sort, w | sort, w | sort(case_sensitive=true), l | sort(reverse=true), p | sort(attribute="v") | map(attribute="v") | list, l | reverse | list, l | max, l | min, w | unique | list, [1, 1.0, 2] | unique | list
d | dictsort | list | length, {"b": 1, "A": 2} | dictsort, {"b": 1, "a": 2} | dictsort(by="value"), {"x": 2, "y": 1} | dictsort(reverse=true)
p | groupby("k") | map("first") | list, l | batch(2) | list, l | sum, [1.5, 2] | sum
"3" | int, "3.7" | int, "x" | int, "x" | int(9), "0x1f" | int(base=16), 3.9 | int, true | int, "2.5" | float, "q" | float, "q" | float(1.5), 5 | string ~ "!", -3 | abs, 2.567 | round(2), 2.4 | round, 2.5 | round(0, "ceil")
("<a href='x'>&\"" | e) ~ "", ("<b>" | safe) ~ "", "a b  c" | wordcount, "a\nb" | indent, "a\n\nb" | indent(2, true), "%s-%s" | format("a", 1)
d | tojson
p | tojson(indent=2)
[] | tojson(indent=2), {} | tojson(indent=4), {"a": []} | tojson(indent=1)
[z, "\"\\\n\r\t\b\f\x01\x7f/<>&'", 1.0, 1e20, -0.0, 1e-7, 12345678901234567890, true, none] | tojson
{"b": 1, "a": 2} | tojson(sort_keys=true), {"a": [1, 2]} | tojson(separators=(",", ":")), {1: "x", none: 2, true: 3} | tojson, z | tojson(ensure_ascii=true)
big, big | tojson, [1, "a'b", "a\"b", 'a\'"b', "\n\u4f60\x00", 1.5, none, true, {"k": [1]}, ("x",) | list]
i is number, f is number, t is number, i is integer, f is float, yes is boolean, yes is number, yes is integer, none is none, n is none, missing is none
t is string, l is string, d is mapping, l is mapping, l is iterable, t is iterable, i is iterable, l is sequence, d is sequence, i is sequence, missing is iterable
missing is defined, t is defined, missing is undefined, d.q is defined, d.b is defined, yes is true, no is false, i is true, none is false
i is odd, i is even, i is divisibleby 7, i is divisibleby(2), 3 is in l, i is not in l, i is eq 7, i is ne(7), i is gt 3, i is lessthan 3, "abc" is lower, "ABC" is upper, t is callable, range is callable, none is sameas none
t is not string, missing is not defined and yes, not missing is defined
range(3) | list, range(1, 4) | list, range(5, 0, -2) | list, range(0) | list, range(3)[1], range(5)[-1]
namespace(a=1).a, dict(a=1, b=2), dict({"x": 1}, y=2), dict([("k", "v")])
[1, 2, 3,], (1, 2), (1,), {"a": 1, "b": 2,}, [[1], [2, [3]]], ()
(l | length) > 2 and (t | upper).startswith("H"), l|length + 1, t|upper|lower, (1, 2)|length, -l|length if no else "skipped"
strftime_now("%Y-%m-%d %H:%M:%S %d %b %B %a %A %y %j %p %I %%"), strftime_now("%-d")
missing ~ "x", missing | string, missing | upper, missing | list, missing | join(","), missing | trim, [missing] | length
t.upper | string | length > 0, "a" < t, t >= "Hello"
"a" in missing, not missing, missing or "x", (missing | default({})).get("k") is none
l.index(1), l.count(1), w | map("lower") | unique | sort | join
0x1F, 1e3, 12e-1, 123456789012345680.0, 1234567890123456.0, 999999999999999.9
missing.attribute
missing["x"]
d.missing.more
missing + 1
1 + "a"
"a" + 1
none + 1
none | length
5 | length
l["x"]["y"]
t()
missing()
1 / 0
1 // 0
range(1000000) | length
none | tojson ~ (missing | tojson)
range | tojson
[1, "a"] | sort
{} < {}
for
l[
{{ 1 }}
1 +
"unclosed
t | nofilter
t is notest
l[0:1:0]
raise_exception("a reason: " ~ i)
""".strip("\n").split("\n")

BODIES = [
    "a\n  {% if yes %}\n  b\n  {% endif %}\nc\n", "{%- if yes -%}\n x \n{%- endif -%}\n y", "  {%+ if yes %} kept{% endif +%}\n\nz", "a {#- c -#} b\n{# line #}\nc {# in #} d\n",
    "{{ t }}\n\n{{- t -}}\n\n{{ t }}\n\n", "{{ '{{' }} {{ '}}' }} {{ {'a': {'b': 1}} }} {{ {'a': {}} }}", "\ttab{% if yes %}\n\t{% endif %}x\r\ny\r\n",
    "{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set c = 1, 2 %}{{ c | list }}{% set (q) = 5 %}{{ q }}", "{% set x = 0 %}{% for i in [1, 2] %}{% set x = x + i %}{{ x }}{% endfor %}{{ x }}",
    "{% set ns = namespace(x=0, y=[]) %}{% for i in [1, 2] %}{% set ns.x = ns.x + i %}{% set ns.y = ns.y + [i] %}{% endfor %}{{ ns.x }}{{ ns.y }}",
    "{% for k, v in d.items() %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}:{{ k }}={{ v }};{% endfor %}",
    "{% for x in l %}{{ loop.previtem is defined }}{{ loop.previtem }}<{{ x }}>{{ loop.nextitem | default('end') }} {% endfor %}", "{% for x in [] %}a{% else %}none{% endfor %}",
    "{% for x in l if x > 1 %}{{ loop.index }}:{{ x }} {% endfor %}{{ x is defined }}", "{% for a in [1, 2] %}{% for b in [3, 4] %}{{ a }}{{ b }}{{ loop.index }} {% endfor %}{{ loop.index }}{% endfor %}",
    "{% for c in z %}{{ c }}|{% endfor %}{% for k in d %}{{ k }},{% endfor %}{% for q in missing %}x{% else %}empty{% endfor %}", "{% for x in range(9) %}{% if x == 2 %}{% continue %}{% endif %}{% if x == 5 %}{% break %}{% endif %}{{ x }}{% else %}e{% endfor %}",
    "{% if no %}1{% elif n %}2{% elif i == 7 %}3{% else %}4{% endif %}", "{% if no %}x{% endif %}{% set y %}captured {{ i }}{% endset %}[{{ y }}]{% set u | upper | trim %} up {% endset %}[{{ u }}]",
    "{% macro m(a, b=2, c=i) %}{{ a }}{{ b }}{{ c }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1) }} {{ m(1, c=3) }} {{ m() }} {{ m(1, 2, 3, 4, z=5) }}",
    "{% macro f(n) %}{{ n }}{% if n > 0 %}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(3) }}", "{% macro outer() %}<{{ caller('x') }}>{% endmacro %}{% call(v) outer() %}{{ v }}{{ i }}{% endcall %}",
    "{% filter upper %}a{{ t }}{% endfilter %}{% filter replace('a', 'b') | upper %}aa{% endfilter %}", "{% with %}{% set inner = 1 %}{% endwith %}{{ inner is defined }}{% with a = 1, b = 2 %}{{ a + b }}{% endwith %}",
    "{% raw %}{{ x }}{% if %}{% endraw %}{%- raw -%} trimmed {%- endraw -%} end", "{% set l = [1] %}{{ l }}{% set d = {'a': l} %}{{ d.a[0] }}", "{% if yes %}{% set inside = 1 %}{% endif %}{{ inside }}",
    "{% for i in [1] %}{% macro inner(x) %}({{ x }}{{ i }}){% endmacro %}{{ inner(2) }}{% endfor %}", "{{ loop is defined }}{% for i in [1, 1, 2] %}{{ loop.changed(i) }}{{ loop.cycle('a', 'b') }}{% endfor %}",
    "{% set a = 1 %}{% set a = a + 1 %}{{ a }}{% set messages = l[1:] %}{{ messages }}", "{% generation %}x{{ i }}{% endgeneration %}", "", "\n", "plain\n\n", "{% for i in [1,2] -%}\n  {{ i }}\n{%- endfor %}\n\n",
    "{% endif %}", "{% if yes %}", "{% for x in l %}", "{% else %}", "{% if yes %}{% endfor %}", "{{ t", "{% if yes", "{# open", "{% raw %} x", "{% unknown %}", "{% break %}", "{% set x %}", "{% set 1 = 2 %}", "{% for 1 in l %}{% endfor %}",
    "{{ t }} }} %} #}", "{{}}", "{% %}", "{% include 'x' %}", "{% macro m( %}{% endmacro %}", "{% set t.x = 1 %}", "{{ raise_exception('stop') }}", "{% if missing.x %}{% endif %}", "{% for x in 5 %}{% endfor %}", "{% for a, b in [1] %}{% endfor %}",
]


class Generation(jinja2.ext.Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.Scope(body, lineno=line)


class Raised(jinja2.TemplateError):
    pass


def raise_exception(message):
    raise Raised(message)


def to_json(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def environment():
    result = jinja2.sandbox.ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols])
    result.filters["tojson"] = to_json
    result.globals["raise_exception"] = raise_exception
    result.globals["strftime_now"] = lambda format: datetime.datetime(2024, 7, 6, 9, 8, 5).strftime(format)
    return result


def outcome(source, variables):
    """The rendered text; or what the template raised; or that it failed."""
    try:
        return {"text": environment().from_string(source).render(**variables)}
    except Raised as error:
        return {"raised": str(error)}
    except Exception:
        return {"failed": True}


def write(name, cases):
    with open(os.path.join(FOLDER, name), "w", encoding="utf-8") as stream:
        stream.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


def main():
    with open(os.path.join(FOLDER, "conversations.json"), encoding="utf-8") as stream:
        conversations = json.load(stream)
    cases = []
    for path in sorted(glob.glob(os.path.join(FOLDER, "*.jinja"))):
        with open(path, encoding="utf-8", newline="") as stream:
            source = stream.read()
        for conversation in conversations:
            cases.append({"template": os.path.basename(path), "conversation": conversation["name"]} | outcome(source, conversation["variables"]))
    write("conversations.expected.json", cases)
    # Each expression's parts apart, so that one's failure does not hide another's value.
    sources = ["{{ [" + line + "] }}" if "," in line or "|" not in line else "{{ " + line + " }}" for line in EXPRESSIONS] + ["{{ " + line + " }}" for line in EXPRESSIONS]
    write("snippets.expected.json", [{"variables": VARIABLES}] + [{"source": source} | outcome(source, VARIABLES) for source in dict.fromkeys(sources + BODIES)])


if __name__ == "__main__":
    main()
