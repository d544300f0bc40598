using System.Text.Json;

namespace Landfall.Inference.Templates;

public sealed class ChatTemplateLimitTests
{
    private static readonly ChatTemplateInput Nothing = new() { Messages = [] };

    public static TheoryData<string> Endless =>
    [
        "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
        "{% set n = namespace(t='ab') %}{% for i in range(60) %}{% set n.t = n.t ~ n.t %}{% endfor %}",
        "{% set n = namespace(t=[1]) %}{% for i in range(60) %}{% set n.t = n.t + n.t %}{% endfor %}",
        "{% set n = namespace(t='ab') %}{% for i in range(60) %}{% set n.t = n.t.replace('a', n.t) %}{% endfor %}",
        "{% set n = namespace(t='ab') %}{% for i in range(60) %}{% set n.t = [n.t, n.t] | join(n.t) %}{% endfor %}",
        "{% set n = namespace(t='ab') %}{% for i in range(60) %}{% set n.t = '%s%s%s' % (n.t, n.t, n.t) %}{% endfor %}",
        "{% set n = namespace(t='ab') %}{% for i in range(60) %}{% set n.t = '{0}{0}{0}'.format(n.t) %}{% endfor %}",
        "{% set n = namespace(t=['ab']) %}{% for i in range(60) %}{% set n.t = [n.t, n.t, n.t] %}{% endfor %}{{ n.t }}",
        "{% set n = namespace(t=['ab']) %}{% for i in range(60) %}{% set n.t = [n.t, n.t, n.t] %}{% endfor %}{{ n.t | tojson }}",
        "{% set n = namespace(t=['ab']) %}{% for i in range(60) %}{% set n.t = [n.t, n.t, n.t] %}{% endfor %}{{ n.t == n.t }}",
        "{% set n = namespace(t='a\\nb') %}{% for i in range(99999) %}{% set n.t = n.t | indent(900) %}{% endfor %}",
        "{% for a in range(100000) %}{{ 'a long text, over and over again, that fills the memory of whoever renders it without a bound' }}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
        "{% set l = [] %}{% set _ = l.append(l) %}{{ l }}",
        "{% set l = [] %}{% set _ = l.append(l) %}{{ l | tojson }}",
        "{% set l = [] %}{% set k = [] %}{% set _ = l.append(l) %}{% set _ = k.append(k) %}{{ l == k }}",
        "{{ 'a' * 100000000000 }}", "{{ [1] * 100000000 }}", "{{ range(99999999999) }}", "{{ 10 ** 1000 }}", "{{ ('a' * 1000000) | list | map('string') | join('b' * 1000000) }}",
        "{{ [['a' * 1000000] * 1000] | tojson }}", "{{ [1] | tojson(indent=99999) }}", "{{ 'x' | indent(99999999) }}", "{{ '%999999999d' % 1 }}{{ undefined.x }}",
        "{{ (['a' * 1000000] * 100000) | map('upper') | list | length }}", "{{ (['a' * 1000000] * 100000) | select('lower') | list | length }}",
        "{{ (['a' * 1000000] * 100000) | unique | list | length }}", "{{ (['a' * 1000000] * 100000) | sort | length }}", "{{ (['a' * 1000000] * 100000) | map('trim', 'a') | list | length }}",
        "{% set x = 'a' * 1000000 %}{{ ([0] * 100000) | tojson(separators=(x, x)) | length }}",
        "{% set x = 'a' * 1000000 %}{% set y = x ~ '' %}{% for i in range(100000) %}{{ 'b' if x != y }}{% endfor %}",
        "{% set x = 'a' * 1000000 %}{% set y = x ~ '' %}{% for i in range(100000) %}{{ 'b' if x < y }}{% endfor %}",
        "{% set x = 'a' * 1000000 %}{% set y = x ~ '' %}{% for i in range(100000) %}{{ 'b' if x is not sameas(y) }}{% endfor %}",
        "{% set x = 'a' * 1000000 %}{% for i in range(100000) %}{{ 'b' if x is upper }}{% endfor %}",
        "{% set x = 'a' * 1000000 %}{% set m = {x: 1} %}{% for i in range(100000) %}{{ 'b' if m[x] == 2 }}{% endfor %}",
        "{% set x = 'a' * 1000000 %}{% set p = 'a' * 250000 ~ 'b' ~ 'a' * 250000 %}{% for i in range(20) %}{{ 'b' if p in x }}{% endfor %}",
        "{% set x = 'a' * 1000000 %}{% set p = 'a' * 250000 ~ 'b' ~ 'a' * 250000 %}{% for i in range(20) %}{{ 'b' if x.find(p) > 0 }}{{ 'b' if x.count(p) > 0 }}{% endfor %}",
        "{% set x = 'a' * 1000000 %}{% set p = 'a' * 250000 ~ 'b' ~ 'a' * 250000 %}{% for i in range(20) %}{{ 'b' if x.split(p) | length > 1 }}{{ 'b' if x.replace(p, '') == '' }}{% endfor %}",
        "{% set x = 'a' * 1000000 %}{% for i in range(100000) %}{{ {}[x] }}{% endfor %}",
        Repeat("{% with %}", 2000) + "{% for i in range(100000) %}{{ x }}{{ x }}{{ x }}{{ x }}{{ x }}{{ x }}{{ x }}{{ x }}{{ x }}{{ x }}{% endfor %}" + Repeat("{% endwith %}", 2000),
        Nested("(", ")"), Nested("[", "]"), Nested("{1:", "}"), Nested("not ", ""), Nested("-", ""), Nested("a(", ")"), Nested("a[", "]"), Nested("1 if 1 else ", ""),
        "{{ 1" + Repeat(" + 1") + " }}{{ x.y.z }}", "{{ 1" + Repeat(" ~ 1") + " }}{{ x.y.z }}", "{{ x" + Repeat("|e") + " }}{{ x.y.z }}", "{{ x" + Repeat(".y") + " }}", "{{ 1 if 1" + Repeat(" if 1") + " }}{{ x.y.z }}",
        Repeat("{% if 1 %}") + Repeat("{% endif %}") + "{{ x.y.z }}", Repeat("{% for x in [1] %}") + Repeat("{% endfor %}") + "{{ x.y.z }}", "{% if 0 %}" + Repeat("{% elif 0 %}") + "{% endif %}{{ x.y.z }}",
    ];

    [Theory]
    [MemberData(nameof(Endless))]
    public void Render_EndlessOrHuge_IsStoppedSoon(string source)
    {
        var start = TimeProvider.System.GetTimestamp();
        Assert.Throws<ChatTemplateException>(() => ChatTemplate.Parse(source).Render(Nothing));
        var elapsed = TimeProvider.System.GetElapsedTime(start);
        Assert.True(elapsed < TimeSpan.FromSeconds(3), $"{elapsed}: {source[..Math.Min(100, source.Length)]}");
    }

    [Fact]
    public void Render_LongConversation_IsNotStopped()
    {
        var turns = Enumerable.Range(0, 400).Select(index => new ChatTemplateMessage(index % 2 == 0 ? "user" : "assistant", string.Concat(Enumerable.Repeat("some words ", 100))));
        var text = ChatTemplate.Default.Render(new() { Messages = [.. turns] });
        Assert.InRange(text.Length, 440_000, 480_000);
    }

    [Theory]
    [InlineData("{{ [1,2,3][1::9223372036854775807] }}", "[2]")]
    [InlineData("{{ [1,2,3][1::-9223372036854775807] }}", "[2]")]
    [InlineData("{{ 'abc'[-9223372036854775807:9223372036854775807:9223372036854775807] }}", "a")]
    public void Render_SliceOfHugeBounds_IsAsPythonHasIt(string source, string expected) =>
        Assert.Equal(expected, ChatTemplate.Parse(source).Render(Nothing));

    [Theory]
    [InlineData("""{"x": "\ud800"}""")]
    [InlineData("""{"x": {"\udc00": 1}}""")]
    public void Render_HalfASurrogatePair_IsRefused(string variables)
    {
        using var document = JsonDocument.Parse(variables);
        Assert.Throws<ChatTemplateException>(() => ChatTemplate.Parse("{{ x }}").Render(document.RootElement, TimeProvider.System));
    }

    [Fact]
    public void Render_NumberOfAMillionDigits_IsAFloat()
    {
        using var document = JsonDocument.Parse($$"""{"long": {{new string('1', 1_000_000)}}, "short": {{new string('1', 40)}}}""");
        var start = TimeProvider.System.GetTimestamp();
        Assert.Equal("inf " + new string('1', 40), ChatTemplate.Parse("{{ long }} {{ short }}").Render(document.RootElement, TimeProvider.System));
        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Parse_Problem_NamesLineAndColumn()
    {
        var exception = Assert.Throws<ChatTemplateException>(() => ChatTemplate.Parse("a\nb {{ x |\n  nothing }}"));
        Assert.Equal((3, 3), (exception.Line, exception.Column));
        Assert.Contains("nothing", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_Problem_NamesLineAndColumn()
    {
        var exception = Assert.Throws<ChatTemplateException>(() => ChatTemplate.Parse("a\n{% if true %}\n  {{ messages[0].role }}\n{% endif %}").Render(Nothing));
        Assert.Equal((3, 17), (exception.Line, exception.Column));
    }

    [Fact]
    public void Render_Refusal_CarriesTheTemplatesWords()
    {
        var exception = Assert.Throws<ChatTemplateException>(() => ChatTemplate.Parse("{{ raise_exception('No system role here') }}").Render(Nothing));
        Assert.Equal("No system role here", exception.Raised);
    }

    [Fact]
    public void Render_Default_WritesSystemToolsCallsAndAnswers()
    {
        using var tool = JsonDocument.Parse("""{"type": "function", "function": {"name": "add", "parameters": {}}}""");
        using var arguments = JsonDocument.Parse("""{"a": 1}""");
        var input = new ChatTemplateInput
        {
            Messages =
            [
                new("system", "Be terse."),
                new("user", "1 + 1?"),
                new("assistant", null) { ToolCalls = [new("add", arguments.RootElement)] },
                new("tool", "2"),
                new("tool", "again 2"),
                new("assistant", "It is 2."),
            ],
        };
        Assert.Equal(
            """
            <|im_start|>system
            Be terse.<|im_end|>
            <|im_start|>user
            1 + 1?<|im_end|>
            <|im_start|>assistant
            <tool_call>
            {"name": "add", "arguments": {"a": 1}}
            </tool_call><|im_end|>
            <|im_start|>user
            <tool_response>
            2
            </tool_response>
            <tool_response>
            again 2
            </tool_response><|im_end|>
            <|im_start|>assistant
            It is 2.<|im_end|>
            <|im_start|>assistant

            """.ReplaceLineEndings("\n"),
            ChatTemplate.Default.Render(input));
        var withTools = ChatTemplate.Default.Render(new() { Messages = [new("user", "Hi")], Tools = [tool.RootElement], AddGenerationPrompt = false });
        Assert.StartsWith("<|im_start|>system\nYou may call", withTools, StringComparison.Ordinal);
        Assert.Contains("\n{\"type\": \"function\", \"function\": {\"name\": \"add\", \"parameters\": {}}}\n</tools>", withTools, StringComparison.Ordinal);
        Assert.EndsWith("<|im_start|>user\nHi<|im_end|>\n", withTools, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_InputsVariables_AreSeen()
    {
        using var thinking = JsonDocument.Parse("false");
        var input = new ChatTemplateInput
        {
            Messages = [new("user", "x") { Name = "n", Fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal) { ["extra"] = thinking.RootElement } }],
            BeginToken = "<s>",
            EndToken = "</s>",
            AddGenerationPrompt = false,
            Variables = new Dictionary<string, JsonElement>(StringComparer.Ordinal) { ["enable_thinking"] = thinking.RootElement },
        };
        var text = ChatTemplate.Parse("{{ bos_token }}{{ eos_token }}{{ add_generation_prompt }}{{ enable_thinking }}{{ tools is none }}{{ messages }}").Render(input);
        Assert.Equal("<s></s>FalseFalseTrue[{'role': 'user', 'content': 'x', 'name': 'n', 'extra': False}]", text);
    }

    private static string Repeat(string part, int count = 20_000) => string.Concat(Enumerable.Repeat(part, count));

    private static string Nested(string open, string close) => "{{ " + Repeat(open) + "1" + Repeat(close) + " }}{{ x.y.z }}";
}
