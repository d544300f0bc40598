using Landfall.Protocol;
using Landfall.Protocol.Briefs;

namespace Landfall.Commands.Files;

/// <summary>Brings files to the server: hash, ask whether it has them, upload. Memory does not grow with the file.</summary>
internal sealed class BlobUploader(LandfallClient client, TransferProgress progress)
{
    private const int BufferSize = 1 << 20;

    /// <summary>Uploads a file that must be there.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="label">What messages call it.</param>
    /// <param name="cancellation">Ends the upload.</param>
    /// <exception cref="CommandException">The file cannot be read, or it changed meanwhile.</exception>
    public async Task<FileReference> UploadAsync(string path, string label, CancellationToken cancellation)
    {
        var file = Open(path, label);
        await using (file)
        {
            // Read twice: once to hash, once to send.
            return await progress.RunAsync(label, 2 * file.Length, async meter =>
            {
                var before = File.GetLastWriteTimeUtc(path);
                var (sha256, size) = await HashAsync(file, label, meter, cancellation);
                if (!await client.HasBlobAsync(sha256, cancellation))
                {
                    await SendAsync(file, sha256, read => read >= size || File.GetLastWriteTimeUtc(path) != before || file.Length != size, label, meter, cancellation);
                }

                return new FileReference(FileState.Present, sha256, size);
            });
        }
    }

    private static FileStream Open(string path, string label)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions
            {
                BufferSize = 0,
                Options = FileOptions.SequentialScan | FileOptions.Asynchronous,
                Share = FileShare.ReadWrite | FileShare.Delete,
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCodes.Usage, $"{label} cannot be read: {e.Message}", e);
        }
    }

    private static async Task<(string Sha256, long Size)> HashAsync(FileStream file, string label, IProgress<long> meter, CancellationToken cancellation)
    {
        try
        {
            var metered = new MeteredStream(file, meter);
            await using (metered)
            {
                await metered.CopyToAsync(Stream.Null, BufferSize, cancellation);
                return (metered.Sha256, metered.BytesRead);
            }
        }
        catch (IOException e)
        {
            throw new CommandException(ExitCodes.Usage, $"{label} cannot be read: {e.Message}", e);
        }
    }

    private async Task SendAsync(
        FileStream file, string sha256, Func<long, bool> looksChanged, string label, IProgress<long> meter, CancellationToken cancellation)
    {
        file.Position = 0;
        var metered = new MeteredStream(file, meter);
        await using (metered)
        {
            try
            {
                await client.PutBlobAsync(sha256, metered, cancellation);
            }
            catch (Exception e) when (e is not OperationCanceledException && metered.Sha256 != sha256 && looksChanged(metered.BytesRead))
            {
                throw Changed(label, e);
            }

            // The server compares as well; this tells a changed file from a broken connection.
            if (metered.BytesRead > 0 && metered.Sha256 != sha256)
            {
                throw Changed(label, inner: null);
            }
        }
    }

    private static CommandException Changed(string label, Exception? inner) =>
        new(ExitCodes.DataInvalid, $"{label} changed while it was read. Let whatever writes it finish, then run the same command again.", inner);
}
