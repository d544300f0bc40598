using System.Security.Cryptography;
using CsCheck;
using Landfall.Platform.Storage;

namespace Landfall.Platform.Tests.Storage;

public sealed class BlobStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("landfall-blobs-").FullName;
    private readonly BlobStore _blobs;

    public BlobStoreTests() => _blobs = new BlobStore(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Write_AnyContent_IsReadBackUnderItsHash() => await Gen.Byte.Array[0, 5000].SampleAsync(
        async content =>
        {
            var hash = await _blobs.WriteAsync(content, CancellationToken.None);
            Assert.Equal(HashOf(content), hash);
            Assert.Equal(content.Length, _blobs.Size(hash));
            Assert.Equal(content, await _blobs.ReadAllBytesAsync(hash, CancellationToken.None));
        },
        iter: 50);

    [Fact]
    public async Task Write_InAnyPieces_HashesTheWhole() => await Gen.Byte.Array[0, 100].Array[0, 20].SampleAsync(
        async pieces =>
        {
            var hash = await _blobs.WriteAsync(
                async stream =>
                {
                    for (var i = 0; i < pieces.Length; i++)
                    {
                        if (i % 2 == 0)
                        {
                            await stream.WriteAsync(pieces[i]);
                        }
                        else
                        {
                            stream.Write(pieces[i]);
                        }
                    }
                },
                CancellationToken.None);
            Assert.Equal(HashOf([.. pieces.SelectMany(p => p)]), hash);
        },
        iter: 50);

    [Fact]
    public async Task Put_OtherContentThanAnnounced_KeepsNothing()
    {
        var announced = HashOf([1, 2, 3]);
        await Assert.ThrowsAsync<BlobHashMismatchException>(() => _blobs.PutAsync(announced, new MemoryStream([1, 2]), CancellationToken.None));
        Assert.False(_blobs.Exists(announced));
        Assert.Empty(Files());
    }

    [Fact]
    public async Task Write_ThatFails_KeepsNothing()
    {
        await Assert.ThrowsAsync<IOException>(() => _blobs.WriteAsync(
            async stream =>
            {
                await stream.WriteAsync(new byte[100_000]);
                throw new IOException("broken");
            },
            CancellationToken.None));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _blobs.PutAsync(HashOf([1]), new MemoryStream([1]), new CancellationToken(canceled: true)));
        Assert.Empty(Files());
    }

    [Fact]
    public async Task Put_TheSameBlobAtTheSameTime_KeepsOneWholeCopy()
    {
        var content = RandomNumberGenerator.GetBytes(300_000);
        var hash = HashOf(content);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() =>
            i % 2 == 0 ? _blobs.PutAsync(hash, new MemoryStream(content), CancellationToken.None) : _blobs.WriteAsync(content, CancellationToken.None))));
        Assert.Equal(hash, Path.GetFileName(Assert.Single(Files())));
        Assert.Equal(content, await _blobs.ReadAllBytesAsync(hash, CancellationToken.None));
    }

    [Fact]
    public void Start_WithLeftovers_RemovesThem()
    {
        File.WriteAllText(Path.Combine(_folder, "temporary", "left"), "half");
        _ = new BlobStore(_folder);
        Assert.Empty(Files());
    }

    [Fact]
    public async Task Open_WhatIsNotThere_IsAMissingFile()
    {
        foreach (var hash in new[] { new string('0', 64), "../../etc/passwd", "", HashOf([9])[..63] + "G" })
        {
            Assert.False(_blobs.Exists(hash));
            Assert.Throws<FileNotFoundException>(() => _blobs.Open(hash));
            Assert.Throws<FileNotFoundException>(() => _blobs.Size(hash));
            await Assert.ThrowsAsync<FileNotFoundException>(() => _blobs.ReadAllBytesAsync(hash, CancellationToken.None));
        }
    }

    private static string HashOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private string[] Files() => Directory.GetFiles(_folder, "*", SearchOption.AllDirectories);
}
