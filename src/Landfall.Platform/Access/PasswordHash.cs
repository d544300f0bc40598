using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Landfall.Platform.Access;

/// <summary>
/// Password hashes: PBKDF2 with HMAC-SHA-512, 210,000 rounds (OWASP's advice for it), a salt of 16 bytes, 32 bytes out.
/// Written as <c>pbkdf2-sha512$rounds$salt$hash</c>, so that a later version can ask for more and still read this one.
/// </summary>
public static class PasswordHash
{
    public const int Shortest = 10;
    public const int Longest = 256;

    private const string Scheme = "pbkdf2-sha512";
    private const int Rounds = 210_000;
    private const int MostRounds = 10_000_000;
    private const int Length = 32;

    /// <summary>The hash of no password: checking against it takes as long as against a real one.</summary>
    public static string OfNobody { get; } = Create(AccessTokens.Create());

    public static string Create(string password) => Create(password, Rounds);

    internal static string Create(string password, int rounds)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        return string.Join('$', Scheme, rounds.ToString(CultureInfo.InvariantCulture), Convert.ToBase64String(salt), Convert.ToBase64String(Derive(password, salt, rounds, Length)));
    }

    /// <summary>Whether the password is the hash's.</summary>
    /// <param name="hash">A hash; one that cannot be read is no password's.</param>
    /// <param name="password">The password.</param>
    /// <param name="isOutdated">Whether it was made with fewer rounds than today's: replace it while the password is known.</param>
    public static bool Verify(string hash, string password, out bool isOutdated)
    {
        isOutdated = false;
        var parts = hash.Split('$');
        if (parts.Length != 4 || parts[0] != Scheme
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) || rounds is < 1 or > MostRounds
            || !TryDecode(parts[2], out var salt) || !TryDecode(parts[3], out var expected) || expected.Length is < 16 or > 64)
        {
            return false;
        }

        isOutdated = rounds < Rounds;
        return CryptographicOperations.FixedTimeEquals(Derive(password, salt, rounds, expected.Length), expected);
    }

    /// <summary>Why a password cannot be taken, or null.</summary>
    public static string? WhyRefused(string? password) => password switch
    {
        null or { Length: < Shortest } => $"A password needs at least {Shortest} characters; a few words do well.",
        { Length: > Longest } => $"A password has at most {Longest} characters.",
        _ => null,
    };

    /// <summary>The same letters can be typed as different code points, so they are brought into one form (RFC 8265).</summary>
    private static byte[] Derive(string password, byte[] salt, int rounds, int length)
    {
        var typed = password.IsNormalized(NormalizationForm.FormC) ? password : password.Normalize(NormalizationForm.FormC);
        return Rfc2898DeriveBytes.Pbkdf2(typed, salt, rounds, HashAlgorithmName.SHA512, length);
    }

    private static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length];
        var read = Convert.TryFromBase64String(text, bytes, out var written);
        bytes = bytes[..written];
        return read;
    }
}
