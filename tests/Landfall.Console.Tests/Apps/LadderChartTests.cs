using System.Globalization;
using Bunit;
using CsCheck;
using Landfall.Console.Apps;
using Landfall.Console.Tests.FakeServer;
using Landfall.Protocol.Reports;

namespace Landfall.Console.Tests.Apps;

public sealed class LadderChartTests
{
    [Fact]
    public void Of_AnyFigures_ScaleHoldsAllMarksTheBoundAndFewRoundTicks() =>
        Gen.Select(Gen.Double[0, 1000], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[0, 1], Gen.OneOf(1e-3, 1, 1e4)).Sample((value, down, up, bound, scale) =>
        {
            var target = FakeContent.Helpdesk.Candidates[0].Targets[0] with
            {
                Value = value * scale,
                Low = value * scale * (1 - down),
                High = value * scale * (1 + up),
                Bound = bound * scale,
            };

            var plot = Assert.Single(LadderPlot.Of([FakeContent.Helpdesk.Candidates[0] with { Targets = [target] }]));

            Assert.All(new[] { target.Low, target.Value, target.High, target.Bound }, figure => Assert.InRange(figure, plot.Min, plot.Max));
            Assert.True(plot.Min < plot.Max);
            Assert.True(plot.Position(target.Low) <= plot.Position(target.Value) && plot.Position(target.Value) <= plot.Position(target.High));
            Assert.InRange(plot.Ticks.Count, 1, 6);
            Assert.Equal(plot.Ticks.Order(), plot.Ticks);
        });

    [Fact]
    public void Of_CandidateWithoutTargets_IsPassedOver()
    {
        var plots = LadderPlot.Of(FakeContent.Helpdesk.Candidates);

        Assert.Equal(4, plots.Count);
        Assert.All(plots, plot => Assert.Equal(["nearest", "linear"], plot.Marks.Select(mark => mark.Candidate)));
    }

    [Fact]
    public async Task Chart_OfALadder_NamesEveryFigureForThoseWhoCannotSeeIt()
    {
        await using var context = new ConsoleContext();

        var chart = context.Render<LadderChart>(parameters => parameters.Add(component => component.Candidates, FakeContent.Helpdesk.Candidates));

        foreach (var picture in chart.FindAll("svg[role=img]"))
        {
            var named = picture.GetAttribute("aria-labelledby")!.Split(' ');
            Assert.Equal([picture.QuerySelector("title")!.Id!, picture.QuerySelector("desc")!.Id!], (IEnumerable<string>)named);
        }

        Assert.Contains("linear: 0.938, interval 0.917 to 0.954, Met.", chart.Find("desc").TextContent);
    }

    [Fact]
    public async Task Chart_OfEachVerdict_HasAShapeOfItsOwn()
    {
        await using var context = new ConsoleContext();

        var chart = context.Render<LadderChart>(parameters => parameters.Add(component => component.Candidates, FakeContent.Helpdesk.Candidates));

        var shapes = chart.FindAll("[data-testid=mark]").GroupBy(mark => mark.GetAttribute("data-verdict"), mark => mark.QuerySelector("path")!.GetAttribute("d")).ToList();
        Assert.Equal(3, shapes.Count);
        Assert.All(shapes, shape => Assert.Single(shape.Distinct()));
        Assert.Equal(3, shapes.Select(shape => shape.First()).Distinct().Count());
    }

    [Fact]
    public async Task Chart_InACultureWithDecimalCommas_HasPointsInItsCoordinates()
    {
        await using var context = new ConsoleContext();
        CultureInfo.CurrentCulture = new CultureInfo("de-DE");

        var chart = context.Render<LadderChart>(parameters => parameters.Add(component => component.Candidates, FakeContent.Helpdesk.Candidates));

        Assert.All(chart.FindAll(".plot line"), line => Assert.DoesNotContain(',', line.GetAttribute("x1")!));
    }
}
