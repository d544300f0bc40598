using Landfall.Inference.Formats;
using Landfall.Inference.Kernels;
using Landfall.Inference.Models;
using Landfall.Inference.Serving;
using Microsoft.Extensions.AI;

namespace Landfall.Inference.Chat;

public sealed class LocalEmbeddingGeneratorTests
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Pooling.Mean)]
    [InlineData(Pooling.FirstToken)]
    [InlineData(Pooling.LastToken)]
    [InlineData(null)]
    public async Task Generate_WithAnEncoder_GivesTheReferencesVectors(Pooling? pooling)
    {
        var files = ModelFiles.Open(Fixture.Folder("bert"));
        using var model = new LanguageModel(files, new LetterTokenizer(files.Config.VocabularySize));
        using var pool = new ComputePool(2);
        using var generator = new LocalEmbeddingGenerator(model, pool, pooling);
        var texts = Fixture.Expected<ExpectedTexts>("bert").Texts;
        var found = await generator.GenerateAsync(texts.Select(t => string.Concat(t.Tokens.Select(LetterTokenizer.Letter))), cancellationToken: Ending);
        Assert.All(found.Zip(texts), pair =>
        {
            // The folder says "mean" (1_Pooling).
            var expected = pooling switch { Pooling.FirstToken => pair.Second.Cls, Pooling.LastToken => pair.Second.Last, _ => pair.Second.Mean };
            Assert.All(pair.First.Vector.ToArray().Zip(expected), v => Assert.Equal(v.Second, v.First, 1e-4));
        });
        Assert.Equal(texts.Sum(t => t.Tokens.Length), found.Usage!.InputTokenCount);
        await Assert.ThrowsAsync<InferenceException>(() => generator.GenerateAsync(["x"], new EmbeddingGenerationOptions { Dimensions = 7 }, Ending));
        await Assert.ThrowsAsync<PromptTooLongException>(() => generator.GenerateAsync([new string('\u0101', 49)], cancellationToken: Ending));
    }
}
