using Landfall.Retrieval.Classification;
using Landfall.Retrieval.Tests.Artifacts;

namespace Landfall.Retrieval.Tests.Classification;

public sealed class NearestClassifierTests
{
    private static readonly NearestOptions WithScope = new() { OutOfScopeLabel = Messages.OutOfScope };

    [Fact]
    public void Train_Twice_SameBytes()
    {
        var (train, validation) = (Messages.Of(1, 20, 20, 60), Messages.Of(2, 20, 5, 30));
        Assert.Equal(Bytes(NearestClassifier.Train(train, validation, WithScope)), Bytes(NearestClassifier.Train(train, validation, WithScope)));
    }

    [Fact]
    public void Save_Load_SameBytesAndAnswers()
    {
        var trained = NearestClassifier.Train(Messages.Of(1, 8, 20, 40), Messages.Of(2, 8, 5, 20), WithScope);
        var bytes = Bytes(trained);
        var loaded = NearestClassifier.Load(new MemoryStream(bytes));
        Assert.Equal(bytes, Bytes(loaded));
        Assert.Equal(trained.Notes, loaded.Notes);
        foreach (var row in Messages.Of(3, 8, 5, 20).Append(new LabelledText("", "")))
        {
            Assert.Equivalent(trained.Predict(row.Text), loaded.Predict(row.Text), strict: true);
        }
    }

    [Fact]
    public void Load_DamagedBytes_InvalidData() =>
        Damage.Fuzz(
            Bytes(NearestClassifier.Train(Messages.Of(1, 3, 4, 10), Messages.Of(2, 3, 4, 10), WithScope)),
            stream => NearestClassifier.Load(stream).Predict("please help with topic1worda"));

    [Theory]
    [InlineData(2, 20)]
    [InlineData(30, 8)]
    [InlineData(1000, 5)]
    public void Predict_SeparableLabels_NearlyAllRight(int labels, int rows)
    {
        var few = Math.Max(2, 60 / labels);
        var classifier = NearestClassifier.Train(Messages.Of(1, labels, rows), Messages.Of(2, labels, few), new NearestOptions());
        var test = Messages.Of(3, labels, few);
        Assert.InRange(test.Count(row => classifier.Predict(row.Text).Label == row.Label) / (double)test.Count, 0.9, 1);
    }

    [Fact]
    public void Predict_TrainingRowWithOneNeighbour_ItsOwnLabel()
    {
        LabelledText[] train = [new("怎么重置密码", "password"), new("账单金额不对", "bill"), new("where is my refund", "refund")];
        var classifier = NearestClassifier.Train(train, [], new NearestOptions { Neighbours = 1 });
        Assert.All(train, row => Assert.Equal(row.Label, classifier.Predict(row.Text).Label));
        Assert.Equal("password", classifier.Predict("密码忘了").Label);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 0)]
    [InlineData(5, 30)]
    public void Train_OutOfScope_ThresholdChosen(int validationRows, int outOfScopeRows)
    {
        var classifier = NearestClassifier.Train(Messages.Of(1, 10, 20, 60), Messages.Of(2, 10, validationRows, outOfScopeRows), WithScope);
        Assert.NotNull(classifier.Threshold);
        Assert.Equal(outOfScopeRows == 0, classifier.Notes.Any(note => note.Contains("left out in turn", StringComparison.Ordinal)
            || note.Contains("stand in", StringComparison.Ordinal)));
        var test = Messages.Of(3, 0, 0, 50);
        Assert.InRange(test.Average(row => classifier.Predict(row.Text).Label == row.Label ? 1.0 : 0), 0.7, 1);
    }

    [Fact]
    public void Predict_AnyText_ProbabilitiesAreOnesShare()
    {
        var classifier = NearestClassifier.Train(Messages.Of(1, 4, 10, 20), Messages.Of(2, 4, 5, 20), WithScope);
        CsCheck.Check.Sample(
            Text.UnicodeText.Gen,
            text =>
            {
                var prediction = classifier.Predict(text);
                Assert.Equal(1, prediction.Alternatives.Sum(each => each.Probability), 1e-6);
                Assert.Contains(prediction.Alternatives, each => each.Label == prediction.Label && each.Probability == prediction.Probability);
            },
            iter: 1_000);
    }

    [Fact]
    public void Train_OneLabelOrNeighboursOutOfRange_Throws()
    {
        Assert.Throws<ArgumentException>(() => NearestClassifier.Train(Messages.Of(1, 1, 10), [], new NearestOptions()));
        Assert.Throws<ArgumentException>(() => NearestClassifier.Train(Messages.Of(1, 2, 10), [], new NearestOptions { Neighbours = 0 }));
    }

    private static byte[] Bytes(NearestClassifier classifier)
    {
        using var stream = new MemoryStream();
        classifier.Save(stream);
        return stream.ToArray();
    }
}
