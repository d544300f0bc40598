using Landfall.Commands.Briefs;
using Landfall.Commands.Files;
using Landfall.Protocol;
using Landfall.Protocol.Briefs;

namespace Landfall.Commands.Land;

/// <summary>Makes a checked brief of whatever <c>land</c> was pointed at.</summary>
internal sealed class BriefLoader(CommandContext context, LandfallClient client)
{
    /// <param name="target">A brief or a data file.</param>
    /// <param name="keepDraft">Whether a drafted brief is written to disk.</param>
    /// <param name="cancellation">Ends the work.</param>
    public Task<BriefToLand> LoadAsync(LandTarget target, bool keepDraft, CancellationToken cancellation) =>
        target.IsData ? DraftAsync(target, keepDraft, cancellation) : ReadAsync(target, cancellation);

    private async Task<BriefToLand> ReadAsync(LandTarget target, CancellationToken cancellation)
    {
        var text = await BriefFile.ReadAsync(target.Path, cancellation);
        var folder = new AppFolder(target.Folder);
        var (source, answer) = await new BriefChecker(context, client).CheckAsync(text, folder, cancellation);
        return new BriefToLand(target.Path, source, answer, folder.Origin, folder.Path);
    }

    private async Task<BriefToLand> DraftAsync(LandTarget target, bool keepDraft, CancellationToken cancellation)
    {
        var fileName = Path.GetFileName(target.Path);
        var file = await new BlobUploader(client, new TransferProgress(context)).UploadAsync(target.Path, fileName, cancellation);
        var draft = await client.DraftBriefAsync(new BriefDraftRequest(fileName, file.Sha256!), cancellation);
        context.Say($"Drafted a brief from {target.Path}:");
        foreach (var assumption in draft.Assumptions)
        {
            context.Say($"  - {assumption}");
        }

        var home = new DraftFolder(RealPath.Resolve(target.Folder), Path.GetFileNameWithoutExtension(fileName));
        if (keepDraft)
        {
            context.Say(await home.TryWriteAsync(draft, client, cancellation));
        }

        var source = new BriefSource { Text = draft.Text, Files = draft.Files };
        var answer = await client.CheckBriefAsync(source, cancellation);
        return new BriefToLand($"{home.Name}/{BriefFile.Name} (drafted)", source, answer, new AppFolder(home.Path).Origin, home.ReportFolder);
    }
}
