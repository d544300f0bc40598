using System.Text.Json;

namespace Landfall.Console.Apps;

/// <summary>How one client asks a release.</summary>
/// <param name="Id">For addresses and tests.</param>
/// <param name="Name">For people.</param>
/// <param name="Text">The text to copy, from the server's address (with a trailing slash) and the model's name.</param>
public sealed record ClientSnippet(string Id, string Name, Func<string, string, string> Text);

/// <summary>Ready text for the usual clients.</summary>
public static class ClientSnippets
{
    /// <summary>All, the plainest first.</summary>
    public static IReadOnlyList<ClientSnippet> All { get; } =
    [
        new("curl", "curl", Curl),
        new("javascript", "openai · JavaScript", JavaScript),
        new("python", "openai · Python", Python),
    ];

    // A JSON string is a literal in all three languages; app names hold no quote, so the shell's single quotes stay closed.
    private static string Literal(string text) => JsonSerializer.Serialize(text);

    private static string Curl(string address, string model) =>
        $$"""
        curl {{address}}v1/chat/completions \
          -H 'Content-Type: application/json' \
          -d '{"model": {{Literal(model)}}, "messages": [{"role": "user", "content": "Hello"}]}'
        """;

    private static string JavaScript(string address, string model) =>
        $$"""
        import OpenAI from "openai";

        const client = new OpenAI({ baseURL: "{{address}}v1", apiKey: "local" });
        const answer = await client.chat.completions.create({
          model: {{Literal(model)}},
          messages: [{ role: "user", content: "Hello" }],
        });
        console.log(answer.choices[0].message.content);
        """;

    private static string Python(string address, string model) =>
        $$"""
        from openai import OpenAI

        client = OpenAI(base_url="{{address}}v1", api_key="local")
        answer = client.chat.completions.create(
            model={{Literal(model)}},
            messages=[{"role": "user", "content": "Hello"}],
        )
        print(answer.choices[0].message.content)
        """;
}
