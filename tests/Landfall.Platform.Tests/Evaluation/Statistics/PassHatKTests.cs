using System.Text.Json;
using Landfall.Platform.Evaluation.Statistics;

namespace Landfall.Platform.Tests.Evaluation.Statistics;

public sealed class PassHatKTests
{
    private const string Published = "shared/data/agents/trajectories/gpt-4o-airline.json";

    [Theory]
    [InlineData(1, 0.42)]
    [InlineData(2, 0.273)]
    [InlineData(3, 0.22)]
    [InlineData(4, 0.20)]
    public void Of_TauBenchAirlineTrials_IsThePublishedFigure(int k, double published)
    {
        var path = Find(Published);
        Assert.SkipUnless(path is not null, $"{Published} is in no folder above the tests.");
        using var trials = JsonDocument.Parse(File.ReadAllBytes(path!));
        var tasks = trials.RootElement.EnumerateArray().GroupBy(trial => trial.GetProperty("task_id").GetInt32(), trial => trial.GetProperty("reward").GetDouble()).ToList();
        Assert.Equal(50, tasks.Count);
        Assert.Equal(published, tasks.Average(task => PassHatK.Of(task.Count(reward => reward >= 1 - 1e-6), task.Count(), k)), 0.0005);
    }

    [Fact]
    public void Of_EveryCount_IsTheShareOfSubsetsThatSucceed()
    {
        for (var n = 1; n <= 6; n++)
        {
            for (var c = 0; c <= n; c++)
            {
                for (var k = 1; k <= n; k++)
                {
                    var subsets = Enumerable.Range(0, 1 << n).Where(mask => int.PopCount(mask) == k).ToList();
                    Assert.Equal(subsets.Count(mask => mask < 1 << c) / (double)subsets.Count, PassHatK.Of(c, n, k), 12);
                }
            }
        }
    }

    private static string? Find(string relative)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, relative);
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
