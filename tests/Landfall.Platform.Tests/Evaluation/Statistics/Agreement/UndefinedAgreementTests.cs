using CsCheck;
using Landfall.Platform.Evaluation.Statistics.Agreement;

namespace Landfall.Platform.Tests.Evaluation.Statistics.Agreement;

public sealed class UndefinedAgreementTests
{
    [Fact]
    public void Coefficients_OneLabel_SayThatChanceWouldAgree()
    {
        var table = PublishedRatings.Of("aaaa", "aaaa");
        Assert.All([CohenKappa.Of(table, 0, 1), FleissKappa.Of(table), KrippendorffAlpha.Of(table)], value =>
        {
            Assert.Null(value.Value);
            Assert.Contains("'a'", value.WhyUndefined, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Coefficients_OneAnnotator_SayThatItTakesTwo()
    {
        var table = PublishedRatings.Of("abab");
        Assert.Contains("two annotators", FleissKappa.Of(table).WhyUndefined, StringComparison.Ordinal);
        Assert.Contains("two annotators", KrippendorffAlpha.Of(table).WhyUndefined, StringComparison.Ordinal);
    }

    [Fact]
    public void Summary_AnnotatorWhoLabelsNothing_IsNamedAndOthersAreMeasured()
    {
        var summary = AgreementSummary.Of(PublishedRatings.Of("abab", "abba", "...."));
        Assert.Equal(0, summary.LabelCounts["annotator 2"]);
        Assert.Equal("Undefined: 'annotator 2' has labelled nothing yet.", summary.Pairs[1].Kappa.WhyUndefined);
        Assert.Equal(0.5, summary.Agreeing);
        Assert.NotNull(summary.Pairs[0].Kappa.Value);
        Assert.NotNull(summary.Fleiss.Value);
        Assert.NotNull(summary.Alpha.Value);
    }

    [Fact]
    public void Summary_NoItemInCommon_SaysSo()
    {
        var summary = AgreementSummary.Of(PublishedRatings.Of("ab..", "..ab"));
        Assert.Contains("no item in common", summary.Pairs[0].Kappa.WhyUndefined, StringComparison.Ordinal);
        Assert.NotNull(summary.Alpha.WhyUndefined);
        Assert.Null(summary.Agreeing);
    }

    [Fact]
    public void FleissKappa_UnequalNumbersOfLabels_PointsToAlpha() =>
        Assert.Contains("Krippendorff", FleissKappa.Of(PublishedRatings.Of("abab", "abba", "a...")).WhyUndefined, StringComparison.Ordinal);

    [Fact]
    public void KrippendorffAlpha_WordsOnAnIntervalScale_SaysWhichIsNoNumber() =>
        Assert.Contains("'a'", KrippendorffAlpha.Of(PublishedRatings.Of("ab", "ab"), MeasurementLevel.Interval).WhyUndefined, StringComparison.Ordinal);

    [Fact]
    public void RatingTable_ItemLabelledTwice_IsRefused()
    {
        var refused = Assert.Throws<ArgumentException>(() => RatingTable.Of([new("1", "ann", "a"), new("1", "ann", "b")]));
        Assert.Contains("'ann' has labelled '1' twice", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Summary_AnyTable_IsDefinedOrSaysWhy()
    {
        Gen.Select(Gen.Char["0123."].Array[0, 12], Gen.Int[1, 4], Gen.Enum<MeasurementLevel>()).Sample(
            (cells, annotators, level) =>
            {
                var rows = Enumerable.Range(0, annotators).Select(a => new string([.. cells.Skip(a)])).ToArray();
                var summary = AgreementSummary.Of(PublishedRatings.Of(rows), level);
                Assert.All([.. summary.Pairs.Select(pair => pair.Kappa), summary.Fleiss, summary.Alpha], value =>
                {
                    Assert.True(value.Value is null == value.WhyUndefined is not null);
                    Assert.True(value.Value is not { } number || (double.IsFinite(number) && number <= 1 + 1e-9));
                    Assert.True(value.Low is null || (value.Low <= value.High && double.IsFinite(value.Low.Value)));
                });
            },
            iter: 200);
    }
}
