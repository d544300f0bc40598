using System.Runtime.InteropServices;

namespace Landfall.Retrieval.Bm25;

/// <summary>The two parameters of BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, section 3.5).</summary>
/// <param name="K1">How slowly repetitions of a term saturate: 0 counts a term once, large values count each time. 0 to 100; default 0.9.</param>
/// <param name="B">How far a document's length counts against it: 0 not at all, 1 in full proportion. Default 0.4.</param>
public sealed record Bm25Options(double K1 = 0.9, double B = 0.4)
{
    /// <summary>The defaults, which suit short documents.</summary>
    public static Bm25Options Default { get; } = new();

    internal bool IsValid => K1 is >= 0 and <= 100 && B is >= 0 and <= 1;

    internal void Validate(string parameter)
    {
        if (!IsValid)
        {
            throw new ArgumentException($"BM25 takes k1 from 0 to 100 and b from 0 to 1; found k1 {K1} and b {B}.", parameter);
        }
    }
}

/// <summary>A document found.</summary>
/// <param name="Document">Its place in the list that the index was built from.</param>
/// <param name="Score">BM25, above 0.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Bm25Hit(int Document, double Score);
