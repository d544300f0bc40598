using System.Text;
using System.Text.Json;
using Landfall.Inference.Constraints;
using Landfall.Inference.Tokenizers;

namespace Landfall.Inference.Chat;

public sealed class ToolCallFormatsTests
{
    private const string HermesTemplate = "{{ '<|im_start|>' }}<tool_call>{{ '<|im_start|>assistant\\n' }}";
    private const string ThinkingTemplate = "{{ '<tool_call>' }}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n<think>\\n' }}";
    private const string LlamaTemplate = "{{ '<|start_header_id|>' }}{% if tools %}{{ 'parameters' }}{% endif %}";
    private const string MistralTemplate = "{{ '[AVAILABLE_TOOLS]' }}{{ '[TOOL_CALLS] [' }}";
    private const string PlainTemplate = "{{ '<|user|>' }}";

    [Theory]
    [InlineData(HermesTemplate, "hermes")]
    [InlineData(LlamaTemplate, "llama")]
    [InlineData(MistralTemplate, "mistral")]
    [InlineData(PlainTemplate, "none")]
    [InlineData(null, "hermes")]
    public void Of_Template_IsTheFamily(string? template, string name) => Assert.Equal(name, Format(template).Name);

    [Theory]
    [InlineData("hermes", "hermes")]
    [InlineData("qwen25", "hermes")]
    [InlineData("qwen3", "hermes")]
    [InlineData("llama31", "llama")]
    [InlineData("mistral", "mistral")]
    [InlineData("llama2", "none")]
    [InlineData("gemma", "none")]
    public void Of_FamilysTemplate_IsItsFormat(string template, string name)
    {
        var format = Format(File.ReadAllText(Path.Combine(Fixture.Folder("templates"), $"{template}.jinja")));
        Assert.Equal(name, format.Name);
        Assert.Equal("text:An answer.", Describe([.. format.CreateParser(["f"]).Append("An answer.")]));
    }

    [Theory]
    [InlineData(HermesTemplate, "Hello <b>you</b> & a < b.", "text:Hello <b>you</b> & a < b.")]
    [InlineData(HermesTemplate, "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": 1}}\n</tool_call>", "call:f{\"a\": 1}")]
    [InlineData(HermesTemplate, "I look.\n<tool_call>\n{\"name\":\"f\",\"arguments\":{}}\n</tool_call>\n<tool_call>\n{\"name\":\"g\"}\n</tool_call>", "text:I look.|call:f{}|call:g{}")]
    [InlineData(HermesTemplate, "<think>\nA plan: 1 < 2.\n</think>\n\nDone.\n", "think:A plan: 1 < 2.|text:Done.\n")]
    [InlineData(HermesTemplate, "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": 1}}", "call:f{\"a\": 1}")]
    [InlineData(HermesTemplate, "<tool_call>not json</tool_call> after", "text:<tool_call>not json</tool_call>after")]
    [InlineData(HermesTemplate, "half <tool_ca", "text:half <tool_ca")]
    [InlineData(HermesTemplate, "<tool_call>{\"name\": \"f\", \"arguments\": \"{\\\"x\\\": 2}\"}</tool_call>", "call:f{\"x\": 2}")]
    [InlineData(HermesTemplate, "<tool_call>{\"name\": \"f\", \"arguments\": {\"a\": \"</tool_call>\"}}</tool_call>", "call:f{\"a\": \"</tool_call>\"}")]
    [InlineData(HermesTemplate, "<tool_call>{\"name\": \"unknown\"}</tool_call>", "text:<tool_call>{\"name\": \"unknown\"}</tool_call>")]
    [InlineData(HermesTemplate, "<tool_call>{\"name\": \"f\", \"arguments\": {\"a\": \"\\ud800\"}}</tool_call>", "call:f{\"a\": \"\\ud800\"}")]
    [InlineData(HermesTemplate, "The mark <think> begins a thought.", "text:The mark <think> begins a thought.")]
    [InlineData(LlamaTemplate, "{\"name\": \"Ada\", \"age\": 3}", "text:{\"name\": \"Ada\", \"age\": 3}")]
    [InlineData(ThinkingTemplate, "A plan.\n</think>\n\nDone.", "think:A plan.|text:Done.")]
    [InlineData(LlamaTemplate, "{\"name\": \"f\", \"parameters\": {\"a\": \"x;y\"}}", "call:f{\"a\": \"x;y\"}")]
    [InlineData(LlamaTemplate, "<|python_tag|>{\"type\": \"function\", \"name\": \"f\", \"parameters\": {}}", "call:f{}")]
    [InlineData(LlamaTemplate, "{\"name\": \"f\", \"parameters\": {}}; {\"name\": \"g\", \"parameters\": {}}", "call:f{}|call:g{}")]
    [InlineData(LlamaTemplate, "{\"colour\": \"red\"} and more", "text:{\"colour\": \"red\"} and more")]
    [InlineData(LlamaTemplate, "{\"name\": \"Ada\", \"born\": 1815} as JSON", "text:{\"name\": \"Ada\", \"born\": 1815} as JSON")]
    [InlineData(LlamaTemplate, "Plain <|text", "text:Plain <|text")]
    [InlineData(MistralTemplate, "[TOOL_CALLS] [{\"name\": \"f\", \"arguments\": {\"a\": [1]}, \"id\": \"abc123def\"}]", "call:f{\"a\": [1]}#abc123def")]
    [InlineData(MistralTemplate, "[TOOL_CALLS][{\"name\": \"f\", \"arguments\": {}}, {\"name\": \"g\", \"arguments\": {}}]", "call:f{}|call:g{}")]
    [InlineData(MistralTemplate, "See [TOOL] and [TOOL_CALL", "text:See [TOOL] and [TOOL_CALL")]
    [InlineData(PlainTemplate, "<think>x</think>y <tool_call>", "think:x|text:y <tool_call>")]
    public void Parse_AnyCutting_GivesTheSamePiecesAndNoPartOfAMark(string template, string answer, string expected)
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var parser = Format(template).CreateParser(["f", "g"], beginsInThought: template == ThinkingTemplate);
            var random = new Random(seed);
            var pieces = new List<OutputPiece>();
            for (var start = 0; start < answer.Length;)
            {
                var length = Math.Min(answer.Length - start, seed == 0 ? answer.Length : random.Next(1, 6));
                pieces.AddRange(parser.Append(answer.Substring(start, length)));
                Assert.StartsWith(Describe(pieces), expected, StringComparison.Ordinal);
                start += length;
            }

            pieces.AddRange(parser.Flush());
            Assert.Equal(expected, Describe(pieces));
        }
    }

    [Fact]
    public void Append_PlainText_IsGivenOutAtOnce()
    {
        var parser = Format(HermesTemplate).CreateParser(["f"]);
        Assert.Equal("text:Hello", Describe(parser.Append("Hello ")));
        Assert.Equal("text: you <", Describe([.. parser.Append("you"), .. parser.Append(" <"), .. parser.Append(" "), .. parser.Flush()]).TrimEnd());
    }

    [Theory]
    [InlineData(HermesTemplate, true)]
    [InlineData(HermesTemplate, false)]
    [InlineData(LlamaTemplate, false)]
    [InlineData(MistralTemplate, true)]
    [InlineData(MistralTemplate, false)]
    public void Force_RandomAnswers_AreCallsThatTheParserReads(string template, bool several)
    {
        foreach (var vocabulary in (TokenVocabulary[])[Vocabularies.ByteLevel, WithSpecialMarks()])
        {
            var format = ToolCallFormats.Of(template, vocabulary);
            var constraint = format.Force(Tools(), several, vocabulary);
            for (var seed = 0; seed < 40; seed++)
            {
                var parser = format.CreateParser([.. Tools().Select(t => t.Name)]);
                List<OutputPiece> pieces = [.. parser.Append(Write(constraint, vocabulary, new Random(seed))), .. parser.Flush()];
                Assert.NotEmpty(pieces);
                Assert.All(pieces, piece => AssertFits(Assert.IsType<ToolCallPiece>(piece)));
                Assert.True(several || pieces.Count == 1);
            }
        }
    }

    [Fact]
    public void Force_ImpossibleParameters_NamesTheTool()
    {
        using var schema = JsonDocument.Parse("""{"type":"object","properties":{"a":{"not":{}}}}""");
        var tool = new ToolSignature("find", schema.RootElement);
        var exception = Assert.Throws<ConstraintException>(() => Format(HermesTemplate).Force([tool], several: false, Vocabularies.ByteLevel));
        Assert.StartsWith("tool 'find', #/properties/a/not: the keyword", exception.Message, StringComparison.Ordinal);
        Assert.Throws<InferenceException>(() => Format(PlainTemplate).Force([tool], several: false, Vocabularies.ByteLevel));
    }

    private static void AssertFits(ToolCallPiece call)
    {
        using var arguments = JsonDocument.Parse(call.Arguments);
        var names = arguments.RootElement.EnumerateObject().Select(property => property.Name).ToList();
        Assert.True(call.Name is "get_weather" or "say \"hi\"" or "now");
        Assert.True(call.Name != "get_weather" || (names.Contains("city") && arguments.RootElement.GetProperty("city").ValueKind == JsonValueKind.String));
        Assert.True(call.Name != "now" || names.Count == 0);
    }

    private static List<ToolSignature> Tools()
    {
        using var weather = JsonDocument.Parse("""{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer","minimum":1,"maximum":7}},"required":["city"]}""");
        using var hello = JsonDocument.Parse("""{"type":"object","properties":{"to":{"enum":["a","b"]}},"additionalProperties":false}""");
        return [new("get_weather", weather.RootElement.Clone()), new("say \"hi\"", hello.RootElement.Clone()), new("now", default)];
    }

    // The byte-level vocabulary with the families' marks as special tokens after it.
    private static TokenVocabulary WithSpecialMarks()
    {
        var plain = Vocabularies.ByteLevel;
        string[] marks = ["<tool_call>", "</tool_call>", "[TOOL_CALLS]", "<|python_tag|>"];
        var tokens = Enumerable.Range(0, plain.Count).ToList();
        return new TokenVocabulary(
            [.. tokens.Select(token => plain.Bytes(token).ToArray()), .. marks.Select((_, index) => index == 1 ? "</tool_call>"u8.ToArray() : [])],
            [.. tokens.Select(plain.IsSpecial), .. marks.Select((_, index) => index != 1)],
            [.. tokens.Select(plain.Text), .. marks]);
    }

    private static string Write(ITokenConstraint constraint, TokenVocabulary vocabulary, Random random)
    {
        var state = constraint.Start();
        var text = new List<byte>();
        for (var count = 0; !state.MustEnd && !(state.CanEnd && random.Next(2) == 0); count++)
        {
            Assert.True(count < 3000);
            var tokens = RandomAnswer.Tokens(state.Allowed());
            var closing = tokens.Where(token => vocabulary.Bytes(token) is [(byte)'"' or (byte)'}']).ToList();
            var choice = count > 60 && closing.Count > 0 ? closing[0] : tokens[random.Next(tokens.Count)];
            text.AddRange(vocabulary.Bytes(choice).IsEmpty ? Encoding.UTF8.GetBytes(vocabulary.Text(choice)) : vocabulary.Bytes(choice).ToArray());
            state.Accept(choice);
        }

        return Encoding.UTF8.GetString([.. text]);
    }

    private static IToolCallFormat Format(string? template) => ToolCallFormats.Of(template, Vocabularies.ByteLevel);

    private static string Describe(IEnumerable<OutputPiece> pieces)
    {
        var parts = new List<(string Kind, string Text)>();
        foreach (var piece in pieces)
        {
            var (kind, text) = piece switch
            {
                TextPiece shown => ("text:", shown.Text),
                ReasoningPiece thought => ("think:", thought.Text),
                ToolCallPiece call => ("call:", call.Name + call.Arguments + (call.Id is null ? "" : $"#{call.Id}")),
                _ => ("?", ""),
            };
            if (parts.Count > 0 && parts[^1].Kind == kind && kind != "call:")
            {
                parts[^1] = (kind, parts[^1].Text + text);
            }
            else
            {
                parts.Add((kind, text));
            }
        }

        return string.Join('|', parts.Select(part => part.Kind + part.Text));
    }
}
