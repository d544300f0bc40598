using Landfall.Commands.Files;
using Landfall.Protocol;
using Landfall.Protocol.Briefs;

namespace Landfall.Commands.Briefs;

/// <summary>A brief with its files uploaded, and what the server says of it.</summary>
internal sealed record CheckedBrief(BriefSource Source, BriefCheckResponse Answer);

/// <summary>Checks a brief and its data: first the text, which names the files, then both.</summary>
internal sealed class BriefChecker(CommandContext context, LandfallClient client)
{
    public async Task<CheckedBrief> CheckAsync(string text, AppFolder folder, CancellationToken cancellation)
    {
        var source = new BriefSource { Text = text };
        var answer = await client.CheckBriefAsync(source, cancellation);
        if (answer.Files.Count == 0)
        {
            return new CheckedBrief(source, answer);
        }

        var uploader = new BlobUploader(client, new TransferProgress(context));
        source = source with { Files = await folder.UploadAsync(answer.Files, uploader, cancellation) };
        return new CheckedBrief(source, await client.CheckBriefAsync(source, cancellation));
    }
}
