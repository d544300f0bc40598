using Landfall.Commands.Files;
using Landfall.Protocol;

namespace Landfall.Commands.Land;

/// <summary>The report on disk: for people, for programs, for build servers.</summary>
internal sealed class ReportFiles(string folder)
{
    private static readonly (string Format, string Name)[] Files = [("html", "report.html"), ("json", "report.json"), ("junit", "report.junit.xml")];

    /// <summary>Finds out before a long run whether the reports can be written after it.</summary>
    /// <exception cref="CommandException">They cannot.</exception>
    public void EnsureWritable()
    {
        var probe = Path.Combine(folder, $".report.{Guid.NewGuid():N}.tmp");
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            if (Files.Select(f => Path.Combine(folder, f.Name)).FirstOrDefault(Directory.Exists) is { } blocked)
            {
                throw new IOException($"{blocked} is a folder.");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCodes.ReportNotWritten, $"The report cannot be written to {folder}: {e.Message} Nothing was run; give another folder with --out.", e);
        }
    }

    /// <summary>Writes all formats.</summary>
    /// <returns>The paths.</returns>
    /// <exception cref="CommandException">The disk refuses; the landing itself is done and kept by the server.</exception>
    public async Task<IReadOnlyList<string>> WriteAsync(LandfallClient client, string app, CancellationToken cancellation)
    {
        var paths = new List<string>();
        foreach (var (format, name) in Files)
        {
            var text = await client.GetReportAsync(app, format, cancellation);
            var path = Path.Combine(folder, name);
            try
            {
                await AtomicFile.WriteTextAsync(path, text, cancellation);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new CommandException(
                    ExitCodes.ReportNotWritten,
                    $"The landing is done and kept, but {path} could not be written: {e.Message} Make room there or give another folder with --out, and run the same command again: it repeats no work.",
                    e);
            }

            paths.Add(path);
        }

        return paths;
    }
}
