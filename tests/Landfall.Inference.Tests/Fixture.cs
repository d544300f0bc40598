using System.Text.Json;

namespace Landfall.Inference;

/// <summary>A small model with what the reference (tests/reference) computes from it.</summary>
internal static class Fixture
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static string Folder(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "tests", "Landfall.Inference.Tests", "Fixtures");
            if (Directory.Exists(path))
            {
                return Path.Combine(path, name);
            }
        }

        throw new DirectoryNotFoundException("The fixtures lie in tests/Landfall.Inference.Tests/Fixtures of the repository.");
    }

    public static T Expected<T>(string name) => JsonSerializer.Deserialize<T>(File.ReadAllText(Path.Combine(Folder(name), "expected.json")), Json)!;
}

internal sealed record ExpectedAnswers(IReadOnlyList<ExpectedPrompt> Prompts);

/// <param name="Tokens">The prompt.</param>
/// <param name="FirstRow">The first token whose logits are given.</param>
/// <param name="Logits">By token.</param>
/// <param name="Greedy">The likeliest tokens that follow.</param>
internal sealed record ExpectedPrompt(int[] Tokens, int FirstRow, float[][] Logits, int[] Greedy);

internal sealed record ExpectedTexts(IReadOnlyList<ExpectedText> Texts);

internal sealed record ExpectedText(int[] Tokens, float[][] Hidden, float[] Mean, float[] Cls, float[] Last);
