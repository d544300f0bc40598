using Landfall.Console.Drafts;
using Landfall.Console.Tests.FakeServer;

namespace Landfall.Console.Tests.Drafts;

public sealed class SchemaHintsTests
{
    private const string Text = "app: a\noutput:\n  kind: label\n\ntargets:\n  - metric: accuracy\n    other: 1\n  - { at-least: 1 }\nnothing\n";
    private static readonly SchemaHints Hints = new(FakeDrafts.Schema);

    [Theory]
    [InlineData(1, "app", "The app's name.")]
    [InlineData(3, "output.kind", "What the app answers with. text, label.")]
    [InlineData(6, "targets.metric", "The metric's name.")]
    [InlineData(7, "targets", "What counts as done.")]
    [InlineData(8, "targets", "What counts as done.")]
    public void At_LineOfAKnownKey_ExplainsIt(int line, string key, string description) =>
        Assert.Equal(new KeyHint(key, description), Hints.At(Text, line));

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(99)]
    public void At_LineWithoutAnExplanation_IsNull(int line) => Assert.Null(Hints.At(Text, line));
}
