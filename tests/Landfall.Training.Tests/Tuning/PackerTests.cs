using CsCheck;

namespace Landfall.Training.Tuning;

public sealed class PackerTests
{
    [Fact]
    public void Pack_AnyLengths_EachExampleOnceAndNoRowTooFull() => Gen.Select(Gen.Int[1, 64].List[0, 200], Gen.Int[64, 128]).Sample((lengths, rowLength) =>
    {
        var rows = Packer.Pack(lengths, rowLength);
        Assert.Equal(Enumerable.Range(0, lengths.Count), rows.SelectMany(r => r).Order());
        Assert.All(rows, row => Assert.True(row.Sum(i => lengths[i]) <= rowLength));
        // First-fit decreasing needs at most 11/9 of the best packing and one more (Dósa, 2007).
        Assert.True(rows.Count <= Math.Ceiling((11.0 / 9 * Math.Ceiling((double)lengths.Sum() / rowLength)) + 1) || lengths.Any(l => l > rowLength / 3));
    });

    [Fact]
    public void Pack_AnExampleLongerThanARow_IsRefused() => Assert.Throws<ArgumentException>(() => Packer.Pack([5], 4));

    [Fact]
    public void From_SkippedRows_GoesOnAsIfAllHadBeenRead() => Gen.Select(Gen.Int[1, 30].List[1, 60], Gen.Int[0, 100], Gen.Int[0, 1000]).Sample((lengths, skip, seed) =>
    {
        var order = new DataOrder(Rows(lengths), 32, seed);
        Assert.Equal(order.From(0).Skip(skip).Take(10).SelectMany(r => r), order.From(skip).Take(10).SelectMany(r => r));
    });

    [Fact]
    public void From_AnEpoch_HasEachExampleOnce()
    {
        var rows = Rows([.. Enumerable.Range(0, 500).Select(i => 1 + (i % 30))]);
        var order = new DataOrder(rows, 64, seed: 3);
        Assert.Equal(rows.Rows.Select(r => r.Tokens[0]).Order(), order.From(0).Take(order.RowsPerEpoch).SelectMany(r => r).Select(r => r.Tokens[0]).Order());
    }

    [Fact]
    public void FindRowLength_ShortChatMessages_PadsTwoPercentAtMost()
    {
        // Lengths of short messages, long-tailed.
        var random = new Random(5);
        var rows = Rows([.. Enumerable.Range(0, 2500).Select(_ => 8 + (int)(-12 * Math.Log(1 - random.NextDouble())))]);
        Assert.True(new DataOrder(rows, Packer.FindRowLength(rows, 1024, 1), 1).PaddingShare <= Packer.MostPadding);
    }

    private static TokenRows Rows(IReadOnlyList<int> lengths) =>
        new([.. lengths.Select((length, i) => new TokenRow([.. Enumerable.Repeat(i, length)], length, Label: 0))], LeftOut: 0, Hash: "x");
}
