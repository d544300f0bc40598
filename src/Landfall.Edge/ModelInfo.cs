using System.Globalization;
using Landfall.Inference.Formats;
using Landfall.Inference.Models;

namespace Landfall.Edge;

/// <summary><c>landfall-edge info</c>: what a model's files say of it, without reading its weights.</summary>
internal static class ModelInfo
{
    public static void Print(string path, TextWriter output)
    {
        using var files = ModelFiles.Open(path);
        var config = files.Config;
        Line("model", files.Metadata?.Find<string>("general.name") ?? Path.GetFileName(Path.GetFullPath(path)));
        Line("family", config.Family.ToString());
        Line("layers", $"{config.LayerCount}, {config.HiddenSize} wide, feed-forward {config.IntermediateSize}");
        Line("heads", $"{config.HeadCount} of {config.HeadSize}, {config.KeyValueHeadCount} of keys and values");
        Line("vocabulary", $"{config.VocabularySize} tokens");
        Line("context", $"{config.ContextLength} tokens{Window(config)}");
        Line("weights", files.Tensors.Readable.Sum(tensor => (long)tensor.Rows * tensor.Columns).ToString("n0", CultureInfo.InvariantCulture));
        foreach (var type in files.Tensors.Readable.GroupBy(tensor => tensor.Type).OrderByDescending(group => group.Sum(tensor => tensor.Bytes)))
        {
            Line(type.Key.ToString(), string.Create(CultureInfo.InvariantCulture, $"{type.Count()} tensors, {type.Sum(tensor => tensor.Bytes) / 1e6:f1} MB"));
        }

        void Line(string name, string value) => output.WriteLine($"{name,-11} {value}");
    }

    private static string Window(ModelConfig config) => config.SlidingWindow is { } window ? $", each token sees {window}" : "";
}
