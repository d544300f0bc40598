using CsCheck;
using Landfall.Platform.Access;

namespace Landfall.Platform.Tests.Access;

public sealed class PasswordHashTests
{
    /// <summary>PBKDF2-HMAC-SHA-512 of "password" with the salt "salt": the vectors for it in the wake of RFC 6070.</summary>
    [Theory]
    [InlineData(1, "867f70cf1ade02cff3752599a3a53dc4af34c7a669815ae5d513554e1c8cf252")]
    [InlineData(4096, "d197b1b33db0143e018b12f3d1d1479e6cdebdcc97c5c0f87f6902e072f457b5")]
    public void Verify_PublishedVector_IsThePassword(int rounds, string hash)
    {
        var written = $"pbkdf2-sha512${rounds}${Convert.ToBase64String("salt"u8)}${Convert.ToBase64String(Convert.FromHexString(hash))}";
        Assert.True(PasswordHash.Verify(written, "password", out var isOutdated));
        Assert.True(isOutdated);
        Assert.False(PasswordHash.Verify(written, "passwort", out _));
    }

    [Fact]
    public void Create_Twice_IsSaltedAndNotOutdated()
    {
        string one = PasswordHash.Create("correct horse battery"), other = PasswordHash.Create("correct horse battery");
        Assert.NotEqual(one, other);
        Assert.DoesNotContain("horse", one, StringComparison.Ordinal);
        Assert.True(PasswordHash.Verify(one, "correct horse battery", out var isOutdated));
        Assert.False(isOutdated);
    }

    [Fact]
    public void Verify_OtherFormOfTheSameLetters_IsThePassword() =>
        Assert.True(PasswordHash.Verify(PasswordHash.Create("caf\u00e9 caf\u00e9 caf\u00e9", 10), "cafe\u0301 cafe\u0301 cafe\u0301", out _));

    [Fact]
    public void Verify_AnyText_NeverThrows() =>
        Gen.OneOf(Gen.String, Gen.String.Array[0, 5].Select(parts => string.Join('$', parts.Prepend("pbkdf2-sha512"))), Gen.Select(Gen.Int, Gen.String, Gen.String, (r, s, h) => $"pbkdf2-sha512${r % 100}${s}${h}"))
            .Sample(hash => Assert.False(PasswordHash.Verify(hash, "password", out _)), time: 1);

    [Theory]
    [InlineData(null)]
    [InlineData("123456789")]
    public void WhyRefused_Short_SaysSo(string? password) => Assert.Contains("10", PasswordHash.WhyRefused(password)!, StringComparison.Ordinal);

    [Fact]
    public void WhyRefused_LengthsAtTheEdges_AreTaken()
    {
        Assert.Null(PasswordHash.WhyRefused(new string('a', PasswordHash.Shortest)));
        Assert.Null(PasswordHash.WhyRefused(new string('a', PasswordHash.Longest)));
        Assert.NotNull(PasswordHash.WhyRefused(new string('a', PasswordHash.Longest + 1)));
    }
}
