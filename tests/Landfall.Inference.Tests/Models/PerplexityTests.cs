using Landfall.Inference.Formats;
using Landfall.Inference.Formats.Export;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Models;

/// <summary>A trained model on a text that it was not trained on: the reference's perplexity, and how little quantisation adds.</summary>
public sealed class PerplexityTests : IDisposable
{
    private static readonly ExpectedPerplexity Expected = Fixture.Expected<ExpectedTiny>("tiny").Perplexity;
    private readonly string _folder = Directory.CreateTempSubdirectory("landfall-perplexity-").FullName;

    [Fact]
    public void Perplexity_OfTheTrainedModel_IsTheReferences() =>
        Assert.Equal(Expected.Value, Measure(Fixture.Folder("tiny"), TensorType.F32), Expected.Value * 1e-4);

    [Theory]
    [InlineData(TensorType.BF16, 0.0001)]
    [InlineData(TensorType.Q8_0, 0.01)]
    [InlineData(TensorType.Q6_K, 0.02)]
    [InlineData(TensorType.Q4_K, 0.05)]
    [InlineData(TensorType.Q4_0, 0.10)]
    public void Perplexity_OfAQuantisedModel_IsCloseToTheUnquantised(TensorType type, double share)
    {
        var path = Path.Combine(_folder, "model.gguf");
        using (var model = ModelFiles.Open(Fixture.Folder("tiny")))
        {
            GgufExport.Write(model, path, new ExportOptions { Type = type }, TestContext.Current.CancellationToken);
        }

        var found = Measure(path, TensorType.F16);
        TestContext.Current.TestOutputHelper!.WriteLine($"{type}: {found:0.0000}, {(found / Expected.Value) - 1:P3} over F32");
        Assert.InRange(found, Expected.Value * (1 - share), Expected.Value * (1 + share));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>exp of the mean of -ln p over windows of tokens, the first of each window only given.</summary>
    private static double Measure(string path, TensorType cache)
    {
        using var run = new ModelRun(path, cache: cache);
        var (sum, count) = (0.0, 0);
        foreach (var window in Expected.Tokens.Chunk(Expected.Window))
        {
            foreach (var (logits, next) in run.Read(window).Zip(window.Skip(1)))
            {
                var max = logits.Max();
                sum += max + Math.Log(logits.Sum(l => Math.Exp(l - max))) - logits[next];
                count++;
            }
        }

        Assert.Equal(Expected.Counted, count);
        return Math.Exp(sum / count);
    }

    private sealed record ExpectedTiny(ExpectedPerplexity Perplexity);

    private sealed record ExpectedPerplexity(int[] Tokens, int Window, int Counted, double Value);
}
