using System.Buffers.Binary;
using System.Security.Cryptography;
using CsCheck;
using Landfall.Retrieval.Artifacts;

namespace Landfall.Retrieval.Tests.Artifacts;

/// <summary>Damages artifacts in every way that a file can be damaged, and some that only an adversary would.</summary>
internal static class Damage
{
    /// <summary>
    /// Loads damaged copies: each must load or throw <see cref="InvalidDataException"/>, and take no memory beyond a small
    /// multiple of its size. Half of the copies get a right length and hash again, so that the checks behind the hash are met.
    /// </summary>
    public static void Fuzz(byte[] artifact, Action<Stream> load, int iterations = 3_000)
    {
        load(new MemoryStream(artifact));
        var edit = Gen.Select(Gen.Int[0, artifact.Length - 1], Gen.Byte, Gen.Int[0, 3]);
        Gen.Select(edit.Array[1, 4], Gen.Bool).Sample(
            (edits, reseal) =>
            {
                var damaged = edits.Aggregate(artifact, Apply);
                damaged = reseal ? Reseal(damaged) : damaged;
                var before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    load(new MemoryStream(damaged));
                }
                catch (InvalidDataException exception)
                {
                    Assert.NotEmpty(exception.Message);
                }

                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000 + (200L * artifact.Length));
            },
            iter: iterations);
    }

    private static byte[] Apply(byte[] bytes, (int Position, byte Value, int Kind) edit)
    {
        if (bytes.Length == 0)
        {
            return bytes;
        }

        var position = edit.Position % bytes.Length;
        switch (edit.Kind)
        {
            case 0:
                return bytes[..position];
            case 1:
                return [.. bytes[..position], edit.Value, .. bytes[position..]];
            default:
                var changed = (byte[])bytes.Clone();
                changed[position] = edit.Kind == 2 ? edit.Value : (byte)(changed[position] ^ (1 << (edit.Value & 7)));
                return changed;
        }
    }

    private static byte[] Reseal(byte[] bytes)
    {
        if (bytes.Length < ArtifactWriter.HeaderLength + SHA256.HashSizeInBytes)
        {
            return bytes;
        }

        var payload = bytes[ArtifactWriter.HeaderLength..^SHA256.HashSizeInBytes];
        var header = bytes[..ArtifactWriter.HeaderLength];
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(6), payload.Length);
        return [.. header, .. payload, .. SHA256.HashData(payload)];
    }
}
