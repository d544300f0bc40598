using System.Numerics;
using System.Runtime.InteropServices;

namespace Landfall.Retrieval.Duplicates;

/// <summary>
/// MinHash: of each of 128 random permutations of all shingles, the smallest image of a set's shingles. Two sets agree in a
/// place with the probability of their Jaccard similarity (Broder 1997). The permutations are x -> a x + b modulo 2^32 over
/// shingles hashed before; the minimum depends on the high bits, which such functions mix well.
/// </summary>
internal static class MinHashSignature
{
    /// <summary>Places in a signature.</summary>
    public const int Length = 128;

    private static readonly uint[] Factors = Randoms(seed: 0x6C616E6466616C6CUL, odd: true);
    private static readonly uint[] Summands = Randoms(seed: 0x6D696E68617368UL, odd: false);

    /// <summary>Computes the signature of a set with at least one shingle.</summary>
    /// <param name="shingles">The set.</param>
    /// <param name="signature">Takes <see cref="Length"/> values.</param>
    public static void Compute(ReadOnlySpan<uint> shingles, Span<uint> signature)
    {
        var factors = MemoryMarshal.Cast<uint, Vector<uint>>(Factors);
        var summands = MemoryMarshal.Cast<uint, Vector<uint>>(Summands);
        var minima = MemoryMarshal.Cast<uint, Vector<uint>>(signature[..Length]);
        for (var i = 0; i < minima.Length; i++)
        {
            var (factor, summand) = (factors[i], summands[i]);
            var minimum = new Vector<uint>(uint.MaxValue);
            foreach (var shingle in shingles)
            {
                minimum = Vector.Min(minimum, (new Vector<uint>(shingle) * factor) + summand);
            }

            minima[i] = minimum;
        }
    }

    /// <summary>SplitMix64: the same numbers in every process.</summary>
    private static uint[] Randoms(ulong seed, bool odd)
    {
        var numbers = new uint[Length];
        for (var i = 0; i < Length; i++)
        {
            seed += 0x9E3779B97F4A7C15;
            var z = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            numbers[i] = (uint)((z ^ (z >> 31)) >> 32) | (odd ? 1u : 0u);
        }

        return numbers;
    }
}
