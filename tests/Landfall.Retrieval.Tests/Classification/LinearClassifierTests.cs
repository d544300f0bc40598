using Landfall.Retrieval.Classification;
using Landfall.Retrieval.Tests.Artifacts;

namespace Landfall.Retrieval.Tests.Classification;

public sealed class LinearClassifierTests
{
    private static readonly LinearOptions WithScope = new() { OutOfScopeLabel = Messages.OutOfScope };

    [Fact]
    public void Train_Twice_SameBytes()
    {
        var (train, validation) = (Messages.Of(1, 20, 20, 60), Messages.Of(2, 20, 5, 30));
        Assert.Equal(Bytes(LinearClassifier.Train(train, validation, WithScope)), Bytes(LinearClassifier.Train(train, validation, WithScope)));
    }

    [Fact]
    public void Save_Load_SameBytesAndAnswers()
    {
        var trained = LinearClassifier.Train(Messages.Of(1, 8, 20, 40), Messages.Of(2, 8, 5, 20), WithScope);
        var bytes = Bytes(trained);
        var loaded = LinearClassifier.Load(new MemoryStream(bytes));
        Assert.Equal(bytes, Bytes(loaded));
        Assert.Equal(trained.Threshold, loaded.Threshold);
        Assert.Equal(trained.Notes, loaded.Notes);
        Assert.Equal(trained.TrainedParameters, loaded.TrainedParameters);
        foreach (var row in Messages.Of(3, 8, 5, 20).Append(new LabelledText("", "")))
        {
            Assert.Equivalent(trained.Predict(row.Text), loaded.Predict(row.Text), strict: true);
        }
    }

    [Fact]
    public void Load_DamagedBytes_InvalidData() =>
        Damage.Fuzz(
            Bytes(LinearClassifier.Train(Messages.Of(1, 3, 4, 10), Messages.Of(2, 3, 4, 10), WithScope)),
            stream => LinearClassifier.Load(stream).Predict("please help with topic1worda"));

    [Theory]
    [InlineData(2, 20)]
    [InlineData(30, 8)]
    [InlineData(1000, 5)]
    public void Predict_SeparableLabels_NearlyAllRight(int labels, int rows)
    {
        var few = Math.Max(2, 60 / labels);
        var classifier = LinearClassifier.Train(Messages.Of(1, labels, rows), Messages.Of(2, labels, few), new LinearOptions());
        var test = Messages.Of(3, labels, few);
        Assert.InRange(test.Count(row => classifier.Predict(row.Text).Label == row.Label) / (double)test.Count, 0.93, 1);
        Assert.Null(classifier.Threshold);
    }

    [Fact]
    public void Predict_Chinese_RightLabel()
    {
        LabelledText[] train =
        [
            new("怎么重置密码", "password"), new("密码忘了怎么办", "password"), new("我想改登录密码", "password"),
            new("账单金额不对", "bill"), new("这个月的账单在哪里看", "bill"), new("为什么账单多了十块", "bill"),
            new("退款什么时候到", "refund"), new("我要申请退款", "refund"), new("钱退到哪里了", "refund"),
        ];
        var classifier = LinearClassifier.Train(train, [], new LinearOptions());
        Assert.Equal("password", classifier.Predict("密码怎么改？").Label);
        Assert.Equal("bill", classifier.Predict("我的账单，请发给我").Label);
        Assert.Equal("refund", classifier.Predict("退款到账了吗").Label);
    }

    [Fact]
    public void Predict_OutOfScopeText_FoundByTheThreshold()
    {
        var classifier = LinearClassifier.Train(Messages.Of(1, 10, 30, 60), Messages.Of(2, 10, 10, 40), WithScope);
        Assert.NotNull(classifier.Threshold);
        var test = Messages.Of(3, 10, 10, 100);
        Assert.InRange(Share(classifier, test.Where(row => row.Label == Messages.OutOfScope)), 0.85, 1);
        Assert.InRange(Share(classifier, test.Where(row => row.Label != Messages.OutOfScope)), 0.85, 1);
    }

    [Fact]
    public void Train_NoOutOfScopeRowsInTrain_ThresholdStillChosen()
    {
        var classifier = LinearClassifier.Train(Messages.Of(1, 10, 20), Messages.Of(2, 10, 5, 30), WithScope);
        Assert.NotNull(classifier.Threshold);
        Assert.DoesNotContain(Messages.OutOfScope, classifier.Labels);
        Assert.InRange(Share(classifier, Messages.Of(3, 0, 0, 50)), 0.7, 1);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 0)]
    public void Train_ValidationWithoutOutOfScope_CrossValidatesTrainAndSaysSo(int validationRows, int outOfScopeRows)
    {
        var classifier = LinearClassifier.Train(Messages.Of(1, 10, 20, 60), Messages.Of(2, 10, validationRows, outOfScopeRows), WithScope);
        Assert.NotNull(classifier.Threshold);
        Assert.Contains(classifier.Notes, note => note.Contains("cross-validated", StringComparison.Ordinal));
        Assert.InRange(Share(classifier, Messages.Of(3, 0, 0, 50)), 0.7, 1);
    }

    [Fact]
    public void Train_NoOutOfScopeRowsAnywhere_NoThresholdAndSaysSo()
    {
        var classifier = LinearClassifier.Train(Messages.Of(1, 5, 10), Messages.Of(2, 5, 5), WithScope);
        Assert.Null(classifier.Threshold);
        Assert.Contains(classifier.Notes, note => note.Contains("No threshold was chosen", StringComparison.Ordinal));
    }

    [Fact]
    public void Train_ThresholdGivenOrNone_Kept()
    {
        var (train, validation) = (Messages.Of(1, 5, 10, 20), Messages.Of(2, 5, 5, 20));
        Assert.Null(LinearClassifier.Train(train, validation, WithScope with { Threshold = ThresholdRule.None }).Threshold);
        var all = LinearClassifier.Train(train, validation, WithScope with { Threshold = ThresholdRule.At(0) });
        Assert.Equal(0, all.Threshold);
        Assert.All(train, row => Assert.Equal(Messages.OutOfScope, all.Predict(row.Text).Label));
    }

    [Fact]
    public void Predict_AnyText_ProbabilitiesAreOnesShare()
    {
        var classifier = LinearClassifier.Train(Messages.Of(1, 4, 10, 20), Messages.Of(2, 4, 5, 20), WithScope);
        CsCheck.Check.Sample(
            Text.UnicodeText.Gen,
            text =>
            {
                var prediction = classifier.Predict(text);
                Assert.Equal(5, prediction.Alternatives.Count);
                Assert.Equal(1, prediction.Alternatives.Sum(each => each.Probability), 1e-6);
                Assert.All(prediction.Alternatives, each => Assert.InRange(each.Probability, 0, 1));
                Assert.Equal(prediction.Alternatives.OrderByDescending(each => each.Probability), prediction.Alternatives);
                Assert.Contains(prediction.Alternatives, each => each.Label == prediction.Label && each.Probability == prediction.Probability);
            },
            iter: 1_000);
    }

    [Fact]
    public void Predict_ManyThreads_SameAnswers()
    {
        var classifier = LinearClassifier.Train(Messages.Of(1, 10, 10), Messages.Of(2, 10, 5), new LinearOptions());
        var test = Messages.Of(3, 10, 20);
        var alone = test.Select(row => classifier.Predict(row.Text).Probability).ToArray();
        Assert.Equal(alone, test.AsParallel().AsOrdered().Select(row => classifier.Predict(row.Text).Probability));
    }

    [Fact]
    public void Train_OneLabelOrNone_SaysWhatIsMissing()
    {
        var exception = Assert.Throws<ArgumentException>(() => LinearClassifier.Train(Messages.Of(1, 1, 10), [], new LinearOptions()));
        Assert.Contains("'label-0000'", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => LinearClassifier.Train([], [], new LinearOptions()));
        Assert.Throws<ArgumentException>(() => LinearClassifier.Train([new("a", "x"), default], [], new LinearOptions()));
        Assert.Throws<ArgumentException>(() => LinearClassifier.Train(Messages.Of(1, 2, 3), [], new LinearOptions { Cost = 0 }));
    }

    [Fact]
    public void Train_Cancelled_Throws()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => LinearClassifier.Train(Messages.Of(1, 5, 10), [], new LinearOptions(), cancellation: source.Token));
    }

    [Fact]
    public void Train_Progress_RisesToOne()
    {
        var reported = new List<double>();
        LinearClassifier.Train(Messages.Of(1, 10, 10), [], new LinearOptions(), new Inline(reported.Add));
        Assert.Equal(reported.Order(), reported);
        Assert.Equal(1, reported[^1]);
    }

    private static double Share(LinearClassifier classifier, IEnumerable<LabelledText> rows) =>
        rows.Average(row => classifier.Predict(row.Text).Label == row.Label ? 1.0 : 0.0);

    private static byte[] Bytes(LinearClassifier classifier)
    {
        using var stream = new MemoryStream();
        classifier.Save(stream);
        return stream.ToArray();
    }

    private sealed class Inline(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
