using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Landfall.Platform.Access;
using Landfall.Platform.Briefs;

namespace Landfall.Platform.Candidates;

/// <summary>A technique with its settings, for some data.</summary>
/// <param name="Name">Its name in the landing.</param>
/// <param name="Technique">The technique.</param>
/// <param name="Settings">What the brief set.</param>
/// <param name="Hash">Identity: technique and its version, settings, data, what else training sees, and the team
/// but for <c>default</c>: what one team has trained and measured is not another's. 32 hex characters.</param>
public sealed record Candidate(string Name, ITechnique Technique, IReadOnlyDictionary<string, string> Settings, string Hash)
{
    /// <summary>Every training is seeded with it.</summary>
    public const int Seed = 20260101;

    public static Candidate Create(TechniqueRequest request, ITechnique technique, Brief brief, string trainVersion, string validationVersion, string context = "")
    {
        var settings = request.Settings.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}={s.Value}").ToArray();
        var name = settings.Length == 0 ? request.Technique : $"{request.Technique}({string.Join(", ", settings)})";
        var identity = string.Join(
            '\n',
            [technique.Name, technique.Version.ToString(CultureInfo.InvariantCulture), string.Join('\t', settings), trainVersion, validationVersion,
                brief.Output.ToString(), brief.Scope?.Out?.Label ?? "", Seed.ToString(CultureInfo.InvariantCulture),
                .. Caller.Current.Team == Caller.Local.Team ? Array.Empty<string>() : [Caller.Current.Team],
                .. context.Length == 0 ? Array.Empty<string>() : [context]]);
        return new Candidate(name, technique, request.Settings, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..32]);
    }
}
