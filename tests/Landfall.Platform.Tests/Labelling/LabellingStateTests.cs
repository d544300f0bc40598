using CsCheck;
using Landfall.Platform.Labelling;
using Landfall.Protocol.Labelling;

namespace Landfall.Platform.Tests.Labelling;

public sealed class LabellingStateTests
{
    [Fact]
    public void Apply_Undo_TakesBackTheAnnotatorsOwnNewest()
    {
        var state = State(("a", 0, LabelAction.Label, "x"), ("b", 0, LabelAction.Label, "y"), ("a", 1, LabelAction.Label, "x"), ("a", 0, LabelAction.Undo, null));
        Assert.Equal(["a", "b"], state.LabelsBy(0).Keys.Order());
        Assert.Empty(state.LabelsBy(1));
        Assert.Equal([0], state.Disagreements());
    }

    [Fact]
    public void Final_Disagreement_HasNoneUntilAdjudicated()
    {
        var state = State(("a", 0, LabelAction.Label, "x"), ("b", 0, LabelAction.Label, "y"));
        Assert.Null(state.Final(0));
        state.Apply(Event(3, "lead", 0, LabelAction.Adjudicate, "y"));
        Assert.Equal("y", state.Final(0)!.Value.Value);
        Assert.Empty(state.Disagreements());
    }

    [Fact]
    public void Agreement_AnnotatorWhoLabelledNothing_IsCountedWithNone()
    {
        var state = State(("a", 0, LabelAction.Label, "x"), ("b", 0, LabelAction.Label, "x"), ("c", 0, LabelAction.Skip, null));
        var agreement = state.Agreement(["a", "b", "c"]);
        Assert.Equal(0, agreement.LabelCounts["c"]);
        Assert.Equal(1, agreement.Agreeing);
        Assert.All(agreement.Pairs.Where(p => p.Second == "c"), p => Assert.NotNull(p.Kappa.WhyUndefined));
    }

    [Fact]
    public void Apply_AnyHistory_CountsWhatStands() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 5], Gen.Int[0, 3], Gen.Int[0, 2]).List[0, 60].Sample(history =>
        {
            var state = new LabellingState();
            foreach (var (seq, (annotator, row, action, value)) in history.Index())
            {
                state.Apply(Event(seq + 1, $"a{annotator}", row, (LabelAction)action, action == 0 ? $"v{value}" : null));
            }

            Assert.All(Enumerable.Range(0, 6), row => Assert.Equal(state.LabelsBy(row).Count, state.LabelsOf(row)));
        });

    private static LabellingState State(params (string Annotator, int Row, LabelAction Action, string? Value)[] history)
    {
        var state = new LabellingState();
        foreach (var (seq, entry) in history.Index())
        {
            state.Apply(Event(seq + 1, entry.Annotator, entry.Row, entry.Action, entry.Value));
        }

        return state;
    }

    private static LabelEvent Event(long seq, string annotator, int row, LabelAction action, string? value) =>
        new(seq, row, annotator, action, value, annotator, DateTimeOffset.UnixEpoch.AddSeconds(seq));
}
