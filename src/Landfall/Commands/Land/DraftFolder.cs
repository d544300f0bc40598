using Landfall.Commands.Files;
using Landfall.Protocol;
using Landfall.Protocol.Briefs;
using Landfall.Protocol.Errors;

namespace Landfall.Commands.Land;

/// <summary>The folder beside a data file in which its drafted brief lives on: for <c>support.csv</c>, <c>support/</c>.</summary>
internal sealed class DraftFolder(string parent, string name)
{
    public string Name => name;

    public string Path => System.IO.Path.Combine(parent, name);

    /// <summary>The folder itself, or one beside it when the name belongs to something else.</summary>
    public string ReportFolder =>
        File.Exists(Path) || (Directory.Exists(Path) && !File.Exists(System.IO.Path.Combine(Path, BriefFile.Name))) ? Path + "-report" : Path;

    /// <summary>Writes the brief and its data, all or nothing, unless something has the name already.</summary>
    /// <returns>What became of it, for people. The landing goes on in any case.</returns>
    public async Task<string> TryWriteAsync(BriefDraft draft, LandfallClient client, CancellationToken cancellation)
    {
        if (File.Exists(Path) || Directory.Exists(Path))
        {
            return await DescribeExistingAsync(draft, cancellation);
        }

        var temporary = System.IO.Path.Combine(parent, $".{name}.{Guid.NewGuid():N}.tmp");
        try
        {
            Directory.CreateDirectory(temporary);
            await File.WriteAllTextAsync(System.IO.Path.Combine(temporary, BriefFile.Name), draft.Text, cancellation);
            foreach (var (file, reference) in draft.Files)
            {
                await DownloadAsync(client, temporary, file, reference, cancellation);
            }

            Directory.Move(temporary, Path);
            return $"Wrote the brief and its data to {Path}: edit {BriefFile.Name} there, then `landfall land {name}`.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or LandfallApiException or HttpRequestException)
        {
            return $"The drafted brief could not be written to {Path} ({e.Message}) The landing goes on without it.";
        }
        finally
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
    }

    private async Task<string> DescribeExistingAsync(BriefDraft draft, CancellationToken cancellation)
    {
        var brief = System.IO.Path.Combine(Path, BriefFile.Name);
        if (!File.Exists(brief))
        {
            return $"{Path} exists and holds no brief: the draft is not written.";
        }

        return await File.ReadAllTextAsync(brief, cancellation) == draft.Text
            ? $"The brief is in {Path} already."
            : $"warning: {brief} was edited since it was drafted. It is left as it is, and this landing takes the fresh draft; `landfall land {name}` takes the edited one.";
    }

    private static async Task DownloadAsync(LandfallClient client, string folder, string file, FileReference reference, CancellationToken cancellation)
    {
        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, file));
        if (!RealPath.IsInside(folder, path))
        {
            throw new IOException($"the draft names {file}, which is outside its folder.");
        }

        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        var destination = File.Create(path);
        await using (destination)
        {
            await client.GetBlobAsync(reference.Sha256!, destination, cancellation);
        }
    }
}
