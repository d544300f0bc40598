using CsCheck;

namespace Landfall.Inference.Serving;

public sealed class StopTextsTests
{
    [Fact]
    public void Append_TextInAnyPieces_GivesWhatLiesBeforeTheFirstStop() =>
        Gen.Select(Gen.String[Gen.Char["ab"], 0, 30], Gen.String[Gen.Char["ab"], 1, 4].Array[1, 3], Gen.Int[1, 5]).Sample((text, stops, piece) =>
        {
            var matcher = new StopTexts(stops);
            var given = "";
            for (var start = 0; start < text.Length && !matcher.IsStopped; start += piece)
            {
                given += matcher.Append(text.Substring(start, Math.Min(piece, text.Length - start)));
            }

            given += matcher.Flush();
            var first = stops.Select(s => text.IndexOf(s, StringComparison.Ordinal)).Where(i => i >= 0).DefaultIfEmpty(-1).Min();

            // What arrives in one piece may hold a stop that begins earlier but ends later: only its end is seen first.
            Assert.Equal(first >= 0, matcher.IsStopped);
            Assert.True(first < 0 ? given == text : text.StartsWith(given, StringComparison.Ordinal) && stops.Any(s => text.AsSpan(given.Length).StartsWith(s)));
        });

    [Fact]
    public void Append_BeginningOfAStop_IsHeldBackOnlyWhileItMayBecomeOne()
    {
        var matcher = new StopTexts(["</end>"]);
        Assert.Equal("a", matcher.Append("a</"));
        Assert.Equal("</x", matcher.Append("x"));
        Assert.Equal("", matcher.Append("</end"));
        Assert.Equal("", matcher.Append(">"));
        Assert.True(matcher.IsStopped);
    }
}
