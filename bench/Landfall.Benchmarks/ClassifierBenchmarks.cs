using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Landfall.Retrieval.Classification;

namespace Landfall.Benchmarks;

/// <summary>One answer, and one training, of the two classifiers on the helpdesk example.</summary>
[MemoryDiagnoser]
public class ClassifierBenchmarks
{
    private LabelledText[] _train = [];
    private string[] _texts = [];
    private LinearClassifier? _linear;
    private NearestClassifier? _nearest;
    private int _next;

    [GlobalSetup]
    public void Train()
    {
        _train = Read("train.jsonl");
        _texts = [.. Read("test.jsonl").Select(r => r.Text)];
        _linear = TrainLinear();
        _nearest = TrainNearest();
    }

    [Benchmark]
    public Prediction LinearAnswer() => _linear!.Predict(_texts[_next++ % _texts.Length]);

    [Benchmark]
    public Prediction NearestAnswer() => _nearest!.Predict(_texts[_next++ % _texts.Length]);

    [Benchmark]
    public LinearClassifier TrainLinear() => LinearClassifier.Train(_train, [], new LinearOptions { OutOfScopeLabel = "out_of_scope" });

    [Benchmark]
    public NearestClassifier TrainNearest() => NearestClassifier.Train(_train, [], new NearestOptions { OutOfScopeLabel = "out_of_scope" });

    private static LabelledText[] Read(string file)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Landfall.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("Run this inside the repository: it reads examples/helpdesk.");
        }

        return [.. File.ReadLines(Path.Combine(folder.FullName, "examples", "helpdesk", "data", file)).Select(Parse)];
    }

    private static LabelledText Parse(string line)
    {
        using var row = JsonDocument.Parse(line);
        return new LabelledText(row.RootElement.GetProperty("text").GetString()!, row.RootElement.GetProperty("label").GetString()!);
    }
}
