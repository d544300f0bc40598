using Landfall.Commands.Files;
using Landfall.Protocol;
using Landfall.Protocol.Briefs;
using Landfall.Protocol.Errors;

namespace Landfall.Commands.Land;

/// <summary>
/// The folder in which a drafted brief lives on: for the file <c>support.csv</c> the folder <c>support/</c> beside it, for a folder of data files
/// that folder itself.
/// </summary>
internal sealed class DraftFolder(string parent, string name, bool isGiven = false)
{
    private const string DataFolder = "data";

    public string Name => name;

    public string Path => System.IO.Path.Combine(parent, name);

    /// <summary>The folder itself, or one beside it when the name belongs to something else.</summary>
    public string ReportFolder =>
        !isGiven && (File.Exists(Path) || (Directory.Exists(Path) && !File.Exists(System.IO.Path.Combine(Path, BriefFile.Name)))) ? Path + "-report" : Path;

    /// <summary>Writes the brief and its data, all or nothing, unless something has the name already.</summary>
    /// <returns>What became of it, for people. The landing goes on in any case.</returns>
    public async Task<string> TryWriteAsync(BriefDraft draft, LandfallClient client, CancellationToken cancellation)
    {
        var data = System.IO.Path.Combine(Path, DataFolder);
        if (isGiven ? File.Exists(data) || Directory.Exists(data) : File.Exists(Path) || Directory.Exists(Path))
        {
            return isGiven
                ? $"{data} exists already: the draft is not written. Move it away, or `landfall brief new {name}`."
                : await DescribeExistingAsync(draft, cancellation);
        }

        var temporary = System.IO.Path.Combine(isGiven ? Path : parent, $".{name}.{Guid.NewGuid():N}.tmp");
        try
        {
            Directory.CreateDirectory(temporary);
            await File.WriteAllTextAsync(System.IO.Path.Combine(temporary, BriefFile.Name), draft.Text, cancellation);
            foreach (var (file, reference) in draft.Files)
            {
                await DownloadAsync(client, temporary, file, reference, cancellation);
            }

            Keep(temporary);
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

    /// <summary>Brings what is written to its place. In a given folder the brief comes last: without it, nothing was drafted.</summary>
    private void Keep(string temporary)
    {
        if (!isGiven)
        {
            Directory.Move(temporary, Path);
            return;
        }

        var data = System.IO.Path.Combine(Path, DataFolder);
        Directory.Move(System.IO.Path.Combine(temporary, DataFolder), data);
        try
        {
            File.Move(System.IO.Path.Combine(temporary, BriefFile.Name), System.IO.Path.Combine(Path, BriefFile.Name), overwrite: false);
        }
        catch
        {
            Directory.Delete(data, recursive: true);
            throw;
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
