using Landfall.PlantedDirt;
using Landfall.Platform.Datasets;
using Landfall.Platform.Datasets.Cleaning;
using Microsoft.Extensions.DependencyInjection;

namespace Landfall.Platform.Tests.Datasets.Cleaning;

/// <summary>
/// Dirt planted in the helpdesk example is found, and little is found in the examples as they are. Copies that the example itself has (what the step reports of the clean rows)
/// are neither right nor wrong: nobody planted them, and they are copies.
/// </summary>
public sealed class PlantedDirtTests
{
    private static readonly Lazy<Task<(List<Row> Train, List<Row> Test)>> Helpdesk = new(() => ReadExampleAsync("helpdesk"));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Find_PlantedDirt_KeepsTheBounds(int seed)
    {
        var (train, test) = await Helpdesk.Value;
        var planted = new DirtPlanter(seed).Plant(train, test, new DirtShares());

        AssertAtLeast(0.9, 0.9, Detection.OfDuplicates(planted, Find("duplicates", planted.Rows, test)));
        var natural = Find("contamination", train, test).Select(f => f.Before).ToHashSet(StringComparer.Ordinal);
        var contaminated = Find("contamination", planted.Rows, test).Where(f => planted.Contaminated.Contains(f.Row) || !natural.Contains(f.Before));
        AssertAtLeast(0.9, 0.9, Detection.OfRows([.. planted.Contaminated], contaminated.Select(f => f.Row)));
        AssertAtLeast(0.9, 0.9, Detection.OfRows([.. planted.PersonalData], Find("pii", planted.Rows, test).Select(f => f.Row)));
        AssertAtLeast(0.5, 0.6, Detection.OfRows([.. planted.WrongLabels.Keys], Find("labels", planted.Rows, test).Select(f => f.Row)));
    }

    [Theory]
    [InlineData("helpdesk")]
    [InlineData("orders")]
    public async Task Find_CleanRows_ProposesLittle(string example)
    {
        var (train, test) = await ReadExampleAsync(example);
        Assert.All(["encoding", "duplicates", "contamination", "pii", "language", "length"], step => Assert.InRange(Find(step, train, test).Count, 0, 6));
    }

    private static void AssertAtLeast(double precision, double recall, Detection detection) =>
        Assert.True(detection.Precision >= precision && detection.Recall >= recall, detection.ToString());

    private static IReadOnlyList<Finding> Find(string step, IReadOnlyList<Row> rows, IReadOnlyList<Row> test)
    {
        using var services = new ServiceCollection().AddCleaning().BuildServiceProvider();
        return services.GetServices<ICleaningStep>().Single(s => s.Name == step).Find(new CleaningInput(rows, test, Seed: 0), new Progress<double>(), CancellationToken.None).Findings;
    }

    private static async Task<(List<Row> Train, List<Row> Test)> ReadExampleAsync(string example) =>
        (await ExampleRows.ReadAsync(example, "train.jsonl"), await ExampleRows.ReadAsync(example, "test.jsonl"));
}
