using System.Text.Json;

namespace Landfall.Training;

/// <summary>The models of tests/reference, with what the reference computes from them.</summary>
internal static class Fixture
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static string Folder(params string[] path) => Path.Combine([AppContext.BaseDirectory, "Fixtures", .. path]);

    public static ExpectedPrompt[] Prompts(params string[] path) =>
        JsonSerializer.Deserialize<ExpectedAnswers>(File.ReadAllBytes(Path.Combine(Folder(path), "expected.json")), Json)!.Prompts;

    private sealed record ExpectedAnswers(ExpectedPrompt[] Prompts);
}

/// <summary>A prompt and the logits of its tokens from <paramref name="FirstRow"/> on.</summary>
internal sealed record ExpectedPrompt(int[] Tokens, int FirstRow, float[][] Logits);
