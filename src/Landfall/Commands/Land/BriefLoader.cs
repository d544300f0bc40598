using Landfall.Commands.Briefs;
using Landfall.Commands.Files;
using Landfall.Protocol;
using Landfall.Protocol.Briefs;

namespace Landfall.Commands.Land;

/// <summary>Makes a checked brief of whatever <c>land</c> was pointed at.</summary>
internal sealed class BriefLoader(CommandContext context, LandfallClient client)
{
    /// <param name="target">A brief or data.</param>
    /// <param name="keepDraft">Whether a drafted brief is written to disk.</param>
    /// <param name="editing">Whether people are asked about a drafted brief.</param>
    /// <param name="cancellation">Ends the work.</param>
    public Task<BriefToLand> LoadAsync(LandTarget target, bool keepDraft, DraftEditing editing, CancellationToken cancellation) =>
        target.IsData ? DraftAsync(target, keepDraft, editing, cancellation) : ReadAsync(target, cancellation);

    private async Task<BriefToLand> ReadAsync(LandTarget target, CancellationToken cancellation)
    {
        var text = await BriefFile.ReadAsync(target.Path, cancellation);
        var folder = new AppFolder(target.Folder);
        var (source, answer) = await new BriefChecker(context, client).CheckAsync(text, folder, cancellation);
        return new BriefToLand(target.Path, source, answer, folder.Origin, folder.Path);
    }

    private async Task<BriefToLand> DraftAsync(LandTarget target, bool keepDraft, DraftEditing editing, CancellationToken cancellation)
    {
        var isFolder = Directory.Exists(target.Path);
        var folder = isFolder ? RealPath.Resolve(target.Path) : RealPath.Resolve(target.Folder);
        var draft = await client.DraftBriefAsync(await RequestAsync(target, isFolder ? Path.GetFileName(folder) : null, cancellation), cancellation);
        context.Say($"Drafted a brief from {target.Path}:");
        foreach (var assumption in draft.Assumptions)
        {
            context.Say($"  - {assumption}");
        }

        draft = draft with { Text = await new DraftReview(context, client).ReviewAsync(draft, editing, cancellation) };
        var home = isFolder
            ? new DraftFolder(Path.GetDirectoryName(folder) ?? folder, Path.GetFileName(folder), isGiven: true)
            : new DraftFolder(folder, Path.GetFileNameWithoutExtension(target.Path));
        if (keepDraft)
        {
            context.Say(await home.TryWriteAsync(draft, client, cancellation));
        }

        var source = new BriefSource { Text = draft.Text, Files = draft.Files };
        var answer = await client.CheckBriefAsync(source, cancellation);
        return new BriefToLand($"{home.Name}/{BriefFile.Name} (drafted)", source, answer, new AppFolder(home.Path).Origin, home.ReportFolder);
    }

    private async Task<BriefDraftRequest> RequestAsync(LandTarget target, string? name, CancellationToken cancellation)
    {
        var uploader = new BlobUploader(client, new TransferProgress(context));
        var files = new List<DraftFile>();
        foreach (var path in target.Files)
        {
            var fileName = Path.GetFileName(path);
            files.Add(new DraftFile(fileName, (await uploader.UploadAsync(path, fileName, cancellation)).Sha256!));
        }

        return new BriefDraftRequest(files[0].FileName, files[0].Sha256) { MoreFiles = [.. files.Skip(1)], Name = name };
    }
}
