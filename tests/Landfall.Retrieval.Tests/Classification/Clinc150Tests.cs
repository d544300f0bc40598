using System.Text.Json;
using Landfall.Retrieval.Classification;

namespace Landfall.Retrieval.Tests.Classification;

/// <summary>The published split of CLINC150 (Larson et al. 2019). Nothing is chosen on its test rows.</summary>
public sealed class Clinc150Tests
{
    private const string OutOfScope = "oos";

    [Fact]
    public void Linear_NoThreshold_BeatsAWordAndCharacterSvm()
    {
        var (train, validation, test) = Data();
        var classifier = LinearClassifier.Train(train, validation, new LinearOptions { OutOfScopeLabel = OutOfScope, Threshold = ThresholdRule.None });
        var (accuracy, recall) = Measure(test, classifier.Predict);
        TestContext.Current.TestOutputHelper?.WriteLine($"in-scope accuracy {accuracy:0.0000}, out-of-scope recall {recall:0.0000}");
        Assert.InRange(accuracy, 0.927, 1);
    }

    [Fact]
    public void Linear_ThresholdFromValidation_KeepsBothUp()
    {
        var (train, validation, test) = Data();
        var classifier = LinearClassifier.Train(train, validation, new LinearOptions { OutOfScopeLabel = OutOfScope });
        var (accuracy, recall) = Measure(test, classifier.Predict);
        TestContext.Current.TestOutputHelper?.WriteLine($"in-scope accuracy {accuracy:0.0000}, out-of-scope recall {recall:0.0000}; {string.Join(' ', classifier.Notes)}");
        Assert.InRange(accuracy + recall, 1.75, 2);
        Assert.InRange(Math.Min(accuracy, recall), 0.84, 1);
    }

    [Fact]
    public void Nearest_NoThreshold_MostAreRight()
    {
        var (train, validation, test) = Data();
        var classifier = NearestClassifier.Train(train, validation, new NearestOptions { OutOfScopeLabel = OutOfScope, Threshold = ThresholdRule.None });
        Assert.InRange(Measure(test, classifier.Predict).Accuracy, 0.86, 1);
    }

    private static (double Accuracy, double Recall) Measure(List<LabelledText> rows, Func<string, Prediction> predict)
    {
        var right = rows.AsParallel().AsOrdered().Select(row => predict(row.Text).Label == row.Label).ToArray();
        var judged = rows.Zip(right).ToLookup(pair => pair.First.Label == OutOfScope, pair => pair.Second ? 1.0 : 0.0);
        return (judged[false].Average(), judged[true].Average());
    }

    private static (List<LabelledText> Train, List<LabelledText> Validation, List<LabelledText> Test) Data()
    {
        var file = Find();
        Assert.SkipWhen(file is null, "shared/data/intents/clinc150/data_full.json is not here (nor under LANDFALL_SHARED).");
        using var document = JsonDocument.Parse(File.ReadAllBytes(file!));
        List<LabelledText> Rows(params string[] parts) =>
            [.. parts.SelectMany(part => document.RootElement.GetProperty(part).EnumerateArray().Select(row => new LabelledText(row[0].GetString()!, row[1].GetString()!)))];
        return (Rows("train", "oos_train"), Rows("val", "oos_val"), Rows("test", "oos_test"));
    }

    private static string? Find()
    {
        const string name = "data/intents/clinc150/data_full.json";
        if (Environment.GetEnvironmentVariable("LANDFALL_SHARED") is { } shared)
        {
            return File.Exists(Path.Combine(shared, name)) ? Path.Combine(shared, name) : null;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "shared", name);
            if (File.Exists(file))
            {
                return file;
            }
        }

        return null;
    }
}
