using System.Text.Json;
using Landfall.Inference.Tokenizers;

namespace Landfall.Inference.Templates;

public sealed class ChatTemplateFuzzTests
{
    private static readonly string[] Fragments =
    [
        "{{", "}}", "{%", "%}", "{#", "#}", "-", "+", "(", ")", "[", "]", "'", "\"", "|", ".", ":", ",", "==", "**", "~", "\\", "\n", " is ", " in ", " not ", " if ", " else ", "{% endif %}", "{% endfor %}",
        "{% for x in range(99999) %}", "{% if loop.last %}", "{% set x = x ~ x %}", "{% break %}", "{% raw %}", "{% macro m(x) %}", "{% endmacro %}", "{{ m(m) }}", "messages", "tools", "none", "99999999999",
        "| tojson", "| join(x)", "| map('upper')", "| sort", "[::-1]", ".items()", ".split()", "namespace(a=1)", "loop", "x.append(x)", "'%s' % x", "| indent(9)", "| replace('a', 'aaaa')", "* 9999",
    ];

    [Fact]
    public void Render_DamagedTemplates_GiveTypedExceptions()
    {
        var folder = Path.Combine(Path.GetDirectoryName(TokenizerFixtures.Folder)!, "templates");
        using var conversations = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "conversations.json")));
        var variables = conversations.RootElement.EnumerateArray().Select(conversation => conversation.GetProperty("variables")).ToArray();
        using var snippets = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "snippets.expected.json")));
        var seeds = Directory.GetFiles(folder, "*.jinja").Order(StringComparer.Ordinal).Select(File.ReadAllText)
            .Concat(snippets.RootElement.EnumerateArray().Skip(1).Select(row => row.GetProperty("source").GetString()!).Where(source => source.Length > 20))
            .ToArray();
        TextMutator.Fuzz([StandardTemplates.ChatMl], Fragments, 500_000_000, source => ChatTemplate.Parse(source).Render(variables[5], TimeProvider.System));
        TextMutator.Fuzz(
            [.. seeds.Where(source => IsTemplate(source, variables[0]))],
            Fragments,
            500_000_000,
            source => ChatTemplate.Parse(source).Render(variables[source.Length % variables.Length], TimeProvider.System));
    }

    private static bool IsTemplate(string source, JsonElement variables)
    {
        try
        {
            _ = ChatTemplate.Parse(source).Render(variables, TimeProvider.System);
            return true;
        }
        catch (ChatTemplateException)
        {
            return false;
        }
    }
}
