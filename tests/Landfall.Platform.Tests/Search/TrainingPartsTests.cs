using Landfall.Platform.Datasets;
using Landfall.Platform.Search;

namespace Landfall.Platform.Tests.Search;

public sealed class TrainingPartsTests
{
    [Theory]
    [InlineData(15_000, 151, new[] { 1.0 / 9, 1.0 / 3, 1 })]
    [InlineData(2_000, 100, new[] { 1.0 / 3, 1 })]
    [InlineData(100, 4, new[] { 1.0 })]
    public void OfRows_OfSoManyLabels_LeavesRowsEnoughOfEach(int rows, int labels, double[] shares) =>
        Assert.Equal(shares, TrainingParts.OfRows(rows, labels).Shares);

    [Fact]
    public void RowsOf_Parts_KeepTheSharesOfLabelsAndLieInEachOther()
    {
        var rows = Enumerable.Range(0, 900).Select(i => new Row($"{i:x32}", $"text {i}", i % 9 == 0 ? "rare" : i % 2 == 0 ? "even" : "odd", new Dictionary<string, string>())).ToList();
        var parts = TrainingParts.OfRows(rows.Count, 3);
        var (ninth, third, all) = (parts.RowsOf(0, rows, seed: 1), parts.RowsOf(1, rows, seed: 1), parts.RowsOf(2, rows, seed: 1));

        Assert.Equal((100, 300, 900), (ninth.Count, third.Count, all.Count));
        Assert.Subset(third.Select(r => r.Id).ToHashSet(), ninth.Select(r => r.Id).ToHashSet());
        Assert.InRange(ninth.Count(r => r.Expected == "rare"), 10, 12);
        Assert.InRange(third.Count(r => r.Expected == "rare"), 32, 34);
        Assert.Equal(ninth.Select(r => r.Id), parts.RowsOf(0, rows, seed: 1).Select(r => r.Id));
        Assert.NotEqual(ninth.Select(r => r.Id), parts.RowsOf(0, rows, seed: 2).Select(r => r.Id));
    }

    [Fact]
    public void SettingsOf_WithALength_CutIt()
    {
        var parts = TrainingParts.OfLength(new NumberSetting("epochs", 2, 12, IsWhole: true));
        var settings = new Dictionary<string, string> { ["rank"] = "8" };

        Assert.Equal([1.0 / 3, 1], parts.Shares);
        Assert.Equal("4", parts.SettingsOf(new SearchProposal(settings, 0))["epochs"]);
        Assert.Equal("12", parts.SettingsOf(new SearchProposal(settings, 1))["epochs"]);
        Assert.Equal("8", parts.SettingsOf(new SearchProposal(settings, 1))["rank"]);
    }
}
