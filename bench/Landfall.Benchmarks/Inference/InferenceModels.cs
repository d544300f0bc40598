using System.Diagnostics;
using System.Globalization;
using Landfall.Inference.Tensors;

namespace Landfall.Benchmarks.Inference;

/// <summary>Writes the models of the inference benchmark: Q8_0 and Q4_0 of each size, and the smallest in more types.</summary>
internal static class InferenceModels
{
    private static readonly TensorType[] OfAll = [TensorType.Q8_0, TensorType.Q4_0];
    private static readonly TensorType[] OfTheSmallest = [.. OfAll, TensorType.Q4_K, TensorType.BF16, TensorType.F32];

    public static int Run(string[] args)
    {
        var folder = Options.Text(args, "--out") ?? throw new ArgumentException("--out is followed by the folder for the models.", nameof(args));
        var largest = Options.Text(args, "--largest") ?? RandomModel.All[^1].Name;
        foreach (var model in RandomModel.All)
        {
            foreach (var type in model == RandomModel.All[0] ? OfTheSmallest : OfAll)
            {
                var path = Path.Combine(folder, $"{model.Name}-{type.ToString().ToLowerInvariant()}.gguf");
                var watch = Stopwatch.StartNew();
                model.Write(path, type);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}  {new FileInfo(path).Length / 1e6:f0} MB in {watch.Elapsed.TotalSeconds:f0} s"));
            }

            if (model.Name == largest)
            {
                break;
            }
        }

        return 0;
    }
}
