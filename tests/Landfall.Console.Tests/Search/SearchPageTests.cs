using System.Globalization;
using Bunit;
using CsCheck;
using Landfall.Console.Search;
using Landfall.Console.Tests.FakeServer;
using Landfall.Protocol.Reports;
using Landfall.Protocol.Search;

namespace Landfall.Console.Tests.Search;

public sealed class SearchPageTests
{
    [Fact]
    public async Task SearchPage_EndedSearch_ShowsTheBestWhatMattersAllTrialsAndWhatToPaste()
    {
        await using var context = new ConsoleContext();

        var page = Render(context, FakeSearches.EndedId);

        var best = page.Find(ConsoleContext.TestId("search-best")).TextContent;
        Assert.Contains("cost=1, threshold=none", best);
        Assert.Contains("0.910", best);
        Assert.Contains("techniques:\n  - linear: { cost: 1, threshold: none }", page.Find("#snippet-search-yaml").TextContent);
        Assert.Contains("1 of 5 trials failed.", page.Find(ConsoleContext.TestId("search-notes")).TextContent);
        Assert.Equal(["cost", "threshold"], page.FindAll(ConsoleContext.TestId("importance-setting")).Select(row => row.GetAttribute("data-setting")));
        Assert.Equal(["4", "2", "3", "1", "5"], page.FindAll(ConsoleContext.TestId("trial")).Select(row => row.GetAttribute("data-trial")));
        Assert.Contains("The endpoint is gone.", page.FindAll(ConsoleContext.TestId("trial"))[^1].TextContent);
    }

    [Fact]
    public async Task SearchPage_RunningSearch_ShowsWhatIsKnownAndLooksAgain()
    {
        await using var context = new ConsoleContext();

        var page = Render(context, FakeSearches.RunningId);

        Assert.Contains("No trial has had the whole training yet.", page.Find(ConsoleContext.TestId("search-best")).TextContent);
        Assert.Equal(2, page.FindAll(ConsoleContext.TestId("trial")).Count);
        Assert.Contains("20%", page.Find(ConsoleContext.TestId("run-progress")).TextContent);
        page.WaitForAssertion(
            () => Assert.True(context.Api.Requests.Count(request => request == $"GET /api/searches/{FakeSearches.RunningId}") > 1), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task SearchPage_UnknownSearch_SaysSo()
    {
        await using var context = new ConsoleContext();
        Assert.Contains("There is no search nothing.", Render(context, "nothing").Find(ConsoleContext.TestId("search-missing")).TextContent);
    }

    [Fact]
    public async Task Chart_OfTrials_HasAnAxisPerVaryingSettingAndNamesTheBest()
    {
        await using var context = new ConsoleContext();

        var page = Render(context, FakeSearches.EndedId);

        Assert.Equal(["cost", "threshold", "accuracy"], page.FindAll(ConsoleContext.TestId("parallel-axis")).Select(axis => axis.GetAttribute("data-name")));
        Assert.Equal(4, page.FindAll(ConsoleContext.TestId("parallel-line")).Count);
        Assert.Equal("4", page.Find("g.parallel-best").GetAttribute("data-trial"));
        Assert.Contains("Trial 4: cost=1, threshold=none", page.Find("#parallel-desc").TextContent);
    }

    [Fact]
    public void Of_AnyTrials_PlacesLieOnTheAxesAndTheBestIsDrawnLast() =>
        Gen.Select(Gen.Double[0.01, 100].Array[1, 40], Gen.Bool).Sample((costs, higher) =>
        {
            var plan = FakeSearches.Plan with { HigherIsBetter = higher };
            var trials = costs.Select((cost, i) => new SearchTrial
            {
                Number = i + 1,
                Settings = new Dictionary<string, string> { ["cost"] = cost.ToString("R", CultureInfo.InvariantCulture), ["threshold"] = i % 2 == 0 ? "auto" : "none" },
                Share = 1,
                Status = TrialStatus.Measured,
                Score = new MetricValue(Math.Sin(cost), -1, 1, 10),
            }).ToList();

            var plot = ParallelPlot.Of(plan, trials)!;

            Assert.All(plot.Lines, line => Assert.All(line.Places, place => Assert.InRange(place, 0, 1)));
            Assert.All(plot.Axes, axis => Assert.All(axis.Marks, mark => Assert.InRange(mark.Place, 0, 1)));
            Assert.Single(plot.Lines, line => line.IsBest);
            Assert.True(plot.Lines[^1].IsBest);
            var scores = trials.Select(trial => trial.Score!.Value);
            Assert.Equal(higher ? scores.Max() : scores.Min(), plot.Lines[^1].Trial.Score!.Value);
        });

    [Fact]
    public void Of_NothingMeasured_IsNull() => Assert.Null(ParallelPlot.Of(FakeSearches.Plan, [FakeSearches.Trials[4]]));

    private static IRenderedComponent<SearchPage> Render(ConsoleContext context, string id) => context.Render<SearchPage>(parameters => parameters.Add(page => page.Id, id));
}
