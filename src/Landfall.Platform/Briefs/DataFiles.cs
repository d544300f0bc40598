using Landfall.Platform.Storage;
using Landfall.Protocol.Briefs;

namespace Landfall.Platform.Briefs;

/// <summary>Checks the files a brief names, before they are read.</summary>
internal static class DataFiles
{
    /// <summary>The path, if its content can be read from the store; null when it cannot (reported) or is not known yet (not reported).</summary>
    public static string? HashOf(string? path, string field, BriefSource source, BlobStore blobs, BriefFindings findings)
    {
        if (path is null || !source.Files.TryGetValue(path, out var file))
        {
            return null;
        }

        switch (file.State)
        {
            case FileState.Missing:
                var purpose = field == "data.test" ? " There is no data to measure a target on." : "";
                findings.Error("missing-file", field, $"There is no file {Shown.Text(path)} in the brief's folder.{purpose} Correct the path, or put the file there.");
                return null;
            case FileState.Outside:
                findings.Error("path-outside", field, $"{Shown.Text(path)} leaves the brief's folder (by a link). Copy the file into the folder.");
                return null;
            case FileState.Unreadable:
                findings.Error("unreadable-file", field, $"{Shown.Text(path)} is there but cannot be read. Check that it is a file and that you may read it.");
                return null;
            default:
                if (BlobStore.IsHash(file.Sha256) && blobs.Exists(file.Sha256!))
                {
                    return file.Sha256;
                }

                findings.Error("not-uploaded", field, $"The content of {Shown.Text(path)} has not reached the server. Send it again.");
                return null;
        }
    }

    /// <summary>Reports files that two roles share: a figure measured on rows that were learnt says nothing.</summary>
    public static void CheckShared(IReadOnlyDictionary<string, string> hashes, BriefFindings findings)
    {
        var parts = findings.Parts;
        (string Field, string? Path)[] roles = [("data.train", parts.Train), ("data.validation", parts.Validation), ("data.test", parts.Test)];
        for (var later = 1; later < roles.Length; later++)
        {
            for (var earlier = 0; earlier < later; earlier++)
            {
                var (a, b) = (roles[earlier], roles[later]);
                if (a.Path is null || b.Path is null)
                {
                    continue;
                }

                var samePath = BriefPaths.Normal(a.Path) == BriefPaths.Normal(b.Path);
                if (samePath || (hashes.TryGetValue(a.Field, out var hashA) && hashes.TryGetValue(b.Field, out var hashB) && hashA == hashB))
                {
                    var how = samePath ? "are the same file" : "have the same content";
                    var remedy = b.Field == "data.test" || a.Field == "data.test" ? "Test rows must be in no other file." : "Leave out data.validation: a part of train is then split off.";
                    findings.Error("same-file", b.Field, $"'{a.Field}' and '{b.Field}' {how}. {remedy}");
                }
            }
        }
    }
}
