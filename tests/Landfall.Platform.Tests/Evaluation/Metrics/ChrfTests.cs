namespace Landfall.Platform.Tests.Evaluation.Metrics;

/// <summary>Values worked out by hand from Popovic 2015: averaged precision and recall, F with beta = 2.</summary>
public sealed class ChrfTests
{
    [Fact]
    public void Score_LastCharacterWrong_AveragesThreeOrders()
    {
        // abc | abd: order 1 2/3, order 2 1/2, order 3 0/1, higher orders have no n-gram.
        // Precision = recall = (2/3 + 1/2 + 0) / 3 = 7/18, so F = 7/18.
        Assert.Equal(100 * 7.0 / 18, Examples.Value("chrf", Examples.Text, ("abd", "abc")), 1e-6);
    }

    [Fact]
    public void Score_AnswerTooShort_WeighsRecallFourTimes()
    {
        // "ab c" | "abcd" without white space: precision 3/3, 2/2, 1/1; recall 3/4, 2/3, 1/2; order 4 has no n-gram in the answer.
        // P = 1, R = 23/36, F = 5 P R / (4 P + R) = (115/36) / (167/36) = 115/167.
        Assert.Equal(100 * 115.0 / 167, Examples.Value("chrf", Examples.Text, ("abcd", "ab c")), 1e-6);
    }

    [Fact]
    public void Score_CorpusOfTwo_SumsCountsBeforeDividing()
    {
        // abc | abd: (3,3,2) (2,2,1) (1,1,0); "ab c" | abcd: (3,4,3) (2,3,2) (1,2,1), and order 4 (0,1,0).
        // Sums (6,7,5) (4,5,3) (2,3,1): P = (5/6 + 3/4 + 1/2) / 3 = 25/36; R = (5/7 + 3/5 + 1/3) / 3 = 173/315.
        double p = 25.0 / 36, r = 173.0 / 315;
        Assert.Equal(100 * 5 * p * r / ((4 * p) + r), Examples.Value("chrf", Examples.Text, ("abd", "abc"), ("abcd", "ab c")), 1e-6);
    }

    [Fact]
    public void Score_ReferenceTooShortForAnOrder_DoesNotCountItsHits()
    {
        // abc | ab: order 3 of the answer (1 n-gram) does not count, for the reference has none.
        // P = (2/3 + 1/2) / 2 = 7/12, R = 1: F = 5 * 7/12 / (4 * 7/12 + 1) = (35/12) / (40/12) = 7/8.
        Assert.Equal(87.5, Examples.Value("chrf", Examples.Text, ("ab", "abc")), 1e-6);
    }

    [Fact]
    public void Score_NothingInCommon_IsZero()
    {
        Assert.Equal(0, Examples.Value("chrf", Examples.Text, ("abc", "xyz")));
        Assert.Equal(0, Examples.Value("chrf", Examples.Text, ("abc", "")));
    }

    [Fact]
    public void Score_CharactersAboveTheBasicPlane_CountAsOne()
    {
        // Two characters each, the first shared: order 1 1/2, order 2 0/1: (1/2 + 0) / 2.
        Assert.Equal(25, Examples.Value("chrf", Examples.Text, ("😀😁", "😀😂")), 1e-6);
    }
}
