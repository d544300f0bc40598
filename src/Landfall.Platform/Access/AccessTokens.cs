using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Landfall.Platform.Access;

/// <summary>
/// Secrets that callers carry: 256 random bits behind a prefix that says what they are (and that scanners of leaked
/// secrets can look for). Being random, they need no slow hash: their SHA-256 is what is kept.
/// </summary>
public static class AccessTokens
{
    /// <summary>An API key.</summary>
    public const string Key = "lf_";

    /// <summary>A session of the console.</summary>
    public const string Session = "lfs_";

    /// <summary>Proof that a command runs as the owner of the data folder.</summary>
    public const string Local = "lfl_";

    /// <summary>A secret with a prefix.</summary>
    public static string Create(string prefix = "") => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>What is kept of a secret.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>Whether two secrets are the same, in a time that does not tell where they differ.</summary>
    public static bool Same(string one, string other) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));
}
