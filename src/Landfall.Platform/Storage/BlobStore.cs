using System.Buffers;
using System.Security.Cryptography;
using Landfall.Platform.Access;

namespace Landfall.Platform.Storage;

/// <summary>Content that does not have the hash it was announced with.</summary>
public sealed class BlobHashMismatchException(string expected, string actual)
    : Exception($"The content's sha256 is {actual}, not {expected}: it changed or was damaged on the way. Send it again.");

/// <summary>Content that is larger than what is taken.</summary>
public sealed class UploadTooLargeException() : Exception("The content is larger than what is taken.");

/// <summary>
/// Content-addressed files: <c>blobs/ab/abcdef...</c>, named by sha256. A blob is written to a temporary name, synced,
/// and renamed, so that a name is never there without its whole content. Each team has a store of its own (that of
/// <c>default</c> is the root, the others' lie under <c>teams/</c>): whether another team holds some content cannot be asked.
/// </summary>
public sealed class BlobStore
{
    private const string Teams = "teams";
    private readonly string _root;
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public BlobStore(string root)
    {
        _root = root;
        DirectorySync.Create(Path.GetFullPath(Path.Combine(root, "temporary")));
        foreach (var leftover in Directory.EnumerateFiles(Path.Combine(root, "temporary")))
        {
            File.Delete(leftover);
        }

        // An earlier process may have ended between a rename and its sync, and what has a name here is relied upon.
        foreach (var folder in Directory.EnumerateDirectories(root).Concat(TeamFolders(root).SelectMany(Directory.EnumerateDirectories)).Where(f => Path.GetFileName(f).Length == 2))
        {
            DirectorySync.Sync(folder);
            _folders.Add(folder);
        }

        foreach (var folder in TeamFolders(root))
        {
            DirectorySync.Sync(folder);
        }

        DirectorySync.Sync(root);
        DirectorySync.Sync(Path.GetDirectoryName(Path.GetFullPath(root))!);
    }

    public static bool IsHash(string? text) =>
        text is { Length: 64 } && text.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'));

    public bool Exists(string sha256) => IsHash(sha256) && File.Exists(PathOf(sha256));

    /// <exception cref="FileNotFoundException">There is none.</exception>
    public long Size(string sha256) => new FileInfo(Find(sha256)).Length;

    /// <summary>Opens a blob for reading.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public FileStream Open(string sha256) =>
        new(Find(sha256), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, FileOptions.SequentialScan | FileOptions.Asynchronous);

    /// <summary>Stores what <paramref name="write"/> writes, and returns its hash.</summary>
    public async Task<string> WriteAsync(Func<Stream, Task> write, CancellationToken cancellation)
    {
        var temporary = Path.Combine(_root, "temporary", Guid.NewGuid().ToString("n"));
        try
        {
            string hash;
            using (var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
            {
                var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 16, FileOptions.Asynchronous);
                await using (file.ConfigureAwait(false))
                {
                    var hashing = new HashingStream(file, sha);
                    await using (hashing.ConfigureAwait(false))
                    {
                        await write(hashing).ConfigureAwait(false);
                        await hashing.FlushAsync(cancellation).ConfigureAwait(false);
                    }

                    file.Flush(flushToDisk: true);
                }

                hash = Convert.ToHexStringLower(sha.GetHashAndReset());
            }

            Publish(temporary, hash);
            return hash;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Stores bytes, and returns their hash.</summary>
    public Task<string> WriteAsync(ReadOnlyMemory<byte> content, CancellationToken cancellation) =>
        WriteAsync(stream => stream.WriteAsync(content, cancellation).AsTask(), cancellation);

    /// <summary>Stores content that is announced under a hash.</summary>
    /// <exception cref="BlobHashMismatchException">It has another; nothing is kept.</exception>
    /// <exception cref="UploadTooLargeException">It has more than <paramref name="most"/> bytes; nothing is kept.</exception>
    public async Task PutAsync(string sha256, Stream content, CancellationToken cancellation, long most = long.MaxValue)
    {
        if (Exists(sha256))
        {
            // Whoever is just storing it may not have synced its name yet.
            DirectorySync.Sync(Path.GetDirectoryName(PathOf(sha256))!);
            return;
        }

        await AddAsync(content, most, expected: sha256, cancellation).ConfigureAwait(false);
    }

    /// <summary>Stores content, and returns its hash.</summary>
    /// <exception cref="UploadTooLargeException">It has more than <paramref name="most"/> bytes; nothing is kept.</exception>
    public Task<string> AddAsync(Stream content, long most, CancellationToken cancellation) => AddAsync(content, most, expected: null, cancellation);

    /// <summary>Stores content of any size, and returns its hash.</summary>
    /// <param name="content">Read to its end.</param>
    /// <param name="progress">Told the bytes so far.</param>
    /// <param name="cancellation">Ends the work; nothing is kept.</param>
    public Task<string> AddAsync(Stream content, IProgress<long> progress, CancellationToken cancellation) =>
        AddAsync(content, long.MaxValue, expected: null, cancellation, progress);

    /// <summary>Takes a file of the data folder in: it is hashed and renamed, not copied.</summary>
    /// <param name="path">The file; it is gone afterwards.</param>
    /// <param name="cancellation">Ends the work; the file stays.</param>
    public async Task<string> TakeAsync(string path, CancellationToken cancellation)
    {
        string hash;
        var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16, FileOptions.SequentialScan | FileOptions.Asynchronous);
        await using (file.ConfigureAwait(false))
        {
            hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation).ConfigureAwait(false));
            file.Flush(flushToDisk: true);
        }

        Publish(path, hash);
        return hash;
    }

    /// <summary>Gives a blob a second name outside of the store; the content is not copied.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public void Link(string sha256, string path) => HardLink.Create(Find(sha256), path);

    /// <summary>Removes a blob, if it is there. The caller knows that nothing needs it.</summary>
    public void Remove(string sha256)
    {
        if (Exists(sha256))
        {
            File.Delete(PathOf(sha256));
        }
    }

    /// <summary>Finds out before large content is written whether it has room.</summary>
    /// <exception cref="DiskFullException">It has not.</exception>
    public void EnsureRoom(long bytes) => DiskSpace.EnsureRoom(_root, bytes);

    private async Task<string> AddAsync(Stream content, long most, string? expected, CancellationToken cancellation, IProgress<long>? progress = null)
    {
        var temporary = Path.Combine(_root, "temporary", Guid.NewGuid().ToString("n"));
        try
        {
            var actual = await CopyAsync(content, temporary, most, progress, cancellation).ConfigureAwait(false);
            if (expected is not null && actual != expected)
            {
                throw new BlobHashMismatchException(expected, actual);
            }

            Publish(temporary, actual);
            return actual;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public async Task<byte[]> ReadAllBytesAsync(string sha256, CancellationToken cancellation) =>
        await File.ReadAllBytesAsync(Find(sha256), cancellation).ConfigureAwait(false);

    private static async Task<string> CopyAsync(Stream content, string path, long most, IProgress<long>? progress, CancellationToken cancellation)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 20);
        try
        {
            var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
            {
                long total = 0;
                int read;
                while ((read = await content.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
                {
                    total += read;
                    if (total > most)
                    {
                        throw new UploadTooLargeException();
                    }

                    sha.AppendData(buffer, 0, read);
                    await file.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
                    progress?.Report(total);
                }

                file.Flush(flushToDisk: true);
            }

            return Convert.ToHexStringLower(sha.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Publish(string temporary, string hash)
    {
        var path = PathOf(hash);
        var folder = Path.GetDirectoryName(path)!;
        EnsureFolder(folder);
        if (File.Exists(path) && new FileInfo(path).Length == new FileInfo(temporary).Length)
        {
            // What links to it goes on sharing its room on the disk.
            File.Delete(temporary);
        }
        else
        {
            File.Move(temporary, path, overwrite: true);
        }

        DirectorySync.Sync(folder);
    }

    /// <summary>The path of a blob that is there. Without its folder the system would speak of a missing folder, not of a missing file.</summary>
    private string Find(string sha256) =>
        Exists(sha256) ? PathOf(sha256) : throw new FileNotFoundException($"There is no blob '{sha256}'.", sha256);

    private void EnsureFolder(string folder)
    {
        lock (_gate)
        {
            if (!_folders.Contains(folder))
            {
                DirectorySync.Create(Path.GetFullPath(folder));
                _folders.Add(folder);
            }
        }
    }

    private string PathOf(string sha256)
    {
        if (!IsHash(sha256))
        {
            throw new ArgumentException($"'{sha256}' is not a lower-case hexadecimal sha256.", nameof(sha256));
        }

        var team = Caller.Current.Team;
        if (team == Caller.Local.Team)
        {
            return Path.Combine(_root, sha256[..2], sha256);
        }

        // Whoever is in no team holds nothing; and a name that is no team's must not become a path.
        return TeamStore.IsName(team)
            ? Path.Combine(_root, Teams, team, sha256[..2], sha256)
            : throw new InvalidOperationException($"'{team}' is no team that could have blobs.");
    }

    private static string[] TeamFolders(string root) => Directory.Exists(Path.Combine(root, Teams)) ? Directory.GetDirectories(Path.Combine(root, Teams)) : [];

    /// <summary>Passes writes on and hashes them.</summary>
    private sealed class HashingStream(Stream inner, IncrementalHash hash) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => inner.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            hash.AppendData(buffer);
            inner.Write(buffer);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            hash.AppendData(buffer.Span);
            return inner.WriteAsync(buffer, cancellationToken);
        }
    }
}
