using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Landfall.EndToEnd.Durability;

/// <summary>A disk that fills up ends a landing with one clear message; with room again, the same command completes it.</summary>
[Collection("Durability")]
public sealed class FullDiskTests(UndisturbedLanding undisturbed)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(128)]
    [InlineData(700)]
    [InlineData(3_000)]
    [InlineData(6_000)]
    [InlineData(9_000)]
    [InlineData(13_000)]
    public async Task Land_DiskFillsUp_SaysSoAndCompletesOnceThereIsRoom(int kilobytes)
    {
        using var folder = new TemporaryFolder();
        var disk = Directory.CreateDirectory(folder.PathOf("disk")).FullName;
        Assert.SkipUnless(
            await RunAsync("mount", "-t", "tmpfs", "-o", Size(kilobytes), "tmpfs", disk), "A small disk cannot be mounted here (that takes root).");
        try
        {
            var (expected, _) = await undisturbed.GetAsync();
            using var landing = new Landing(Path.Combine(disk, "data"));

            var refused = await LandfallProcess.RunAsync(landing.Command, Cancellation);

            Assert.True(refused.ExitCode != 0, refused.ToString());
            Assert.True(refused.Error.Split('\n').Count(l => l.Contains("No space is left on the disk", StringComparison.Ordinal)) == 1, refused.ToString());
            Assert.DoesNotContain("Unexpected", refused.Error, StringComparison.Ordinal);
            Assert.False(File.Exists(Path.Combine(landing.App, "report.json")));
            AssertWholeBlobs(landing.Data);
            Assert.True(await RunAsync("mount", "-o", $"remount,{Size(200_000)}", disk));
            await landing.CompleteAsync(Cancellation);
            Assert.Equal(expected, landing.Report);
            AssertWholeBlobs(landing.Data);
        }
        finally
        {
            await RunAsync("umount", disk);
        }
    }

    private static string Size(int kilobytes) => string.Create(CultureInfo.InvariantCulture, $"size={kilobytes}k");

    private static void AssertWholeBlobs(string dataFolder)
    {
        var blobs = Path.Combine(dataFolder, "blobs");
        foreach (var blob in Directory.Exists(blobs) ? Directory.EnumerateFiles(blobs, "*", SearchOption.AllDirectories) : [])
        {
            Assert.Equal(Path.GetFileName(blob), Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(blob))));
        }
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true };
            using var process = Process.Start(start)!;
            await process.WaitForExitAsync(Cancellation);
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
