using System.Security.Cryptography;
using Landfall.Commands;
using Landfall.Protocol.Briefs;

namespace Landfall.Tests.Commands.Files;

public sealed class UploadTests : CommandTest
{
    [Fact]
    public async Task Upload_OfSeveralBuffers_ArrivesByteForByteOnce()
    {
        var bytes = new byte[9_500_001];
        new Random(1).NextBytes(bytes);
        var app = MakeApp();
        await File.WriteAllBytesAsync(Path.Combine(app, "data", "train.jsonl"), bytes);

        var first = await RunAsync("brief", "check", app);
        await RunAsync("brief", "check", app);

        Assert.Equal(ExitCodes.Ok, first.ExitCode);
        Assert.Equal(bytes, Server.Blobs[Convert.ToHexStringLower(SHA256.HashData(bytes))]);
        Assert.Equal(2, Server.Uploads);
        Assert.Contains("data/train.jsonl: 50%", first.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_OfFileThatChangesMeanwhile_SaysSo()
    {
        var app = MakeApp();
        Server.Check = source => new BriefCheckResponse([], source.Files.Count == 0 ? ["data/train.jsonl"] : [], "helpdesk");
        var path = Path.Combine(app, "data", "train.jsonl");
        await File.WriteAllBytesAsync(path, new byte[8_000_000]);
        Server.OnUpload = () =>
        {
            // The same length and another end: only the hash tells.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            file.Seek(-1, SeekOrigin.End);
            file.WriteByte(1);
        };

        var outcome = await RunAsync("land", app);

        Assert.Equal(ExitCodes.DataInvalid, outcome.ExitCode);
        Assert.Contains("data/train.jsonl changed while it was read", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfFileBehindALink_IsSentAsOutsideAndNeverUploaded()
    {
        var app = MakeApp();
        var secret = Path.Combine(Folder, "secret.jsonl");
        await File.WriteAllTextAsync(secret, "secret");
        File.Delete(Path.Combine(app, "data", "test.jsonl"));
        File.CreateSymbolicLink(Path.Combine(app, "data", "test.jsonl"), secret);

        await RunAsync("brief", "check", app);

        Assert.Equal(FileState.Outside, Server.Checks.Last().Files["data/test.jsonl"].State);
        Assert.Equal(1, Server.Uploads);
    }
}
