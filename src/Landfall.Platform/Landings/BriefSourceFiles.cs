using Landfall.Platform.Runs;
using Landfall.Protocol.Briefs;
using Landfall.Protocol.Errors;

namespace Landfall.Platform.Landings;

/// <summary>The uploaded files of a landing, by the path in its brief.</summary>
public sealed class BriefSourceFiles(BriefSource source)
{
    /// <exception cref="RunFailedException">The file was not uploaded with the brief.</exception>
    public string HashOf(string path) =>
        source.Files.TryGetValue(path, out var file) && file.Sha256 is { } hash
            ? hash
            : throw new RunFailedException($"The brief names {path}, which was not uploaded with it.", ErrorCodes.BadRequest);
}
