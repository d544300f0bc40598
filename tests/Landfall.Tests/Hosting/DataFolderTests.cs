using Landfall.Commands;
using Landfall.Hosting;
using Landfall.Protocol.Servers;

namespace Landfall.Tests.Hosting;

public sealed class DataFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("landfall-folder-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Acquire_HeldFolder_IsRefusedUntilReleased()
    {
        using (DataFolderLock.Acquire(_folder, takeOver: false))
        {
            var refused = Assert.Throws<DataFolderInUseException>(() => DataFolderLock.Acquire(_folder, takeOver: false));
            Assert.Contains(_folder, refused.Message, StringComparison.Ordinal);
        }

        DataFolderLock.Acquire(_folder, takeOver: false).Dispose();
    }

    [Fact]
    public void Acquire_TakingOver_LeavesTheOldHolderAndKeepsOthersOut()
    {
        using var old = DataFolderLock.Acquire(_folder, takeOver: false);
        using var newer = DataFolderLock.Acquire(_folder, takeOver: true);
        Assert.Throws<DataFolderInUseException>(() => DataFolderLock.Acquire(_folder, takeOver: false));
        old.Dispose();
        Assert.Throws<DataFolderInUseException>(() => DataFolderLock.Acquire(_folder, takeOver: false));
    }

    [Fact]
    public void Acquire_NewFolder_IsTheOwnersAlone()
    {
        var folder = Path.Combine(_folder, "a", "b");
        using var held = DataFolderLock.Acquire(folder, takeOver: false);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        }
    }

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        var info = new ServerInfo("http://127.0.0.1:5117", 12, "1.0", 3, DateTimeOffset.UnixEpoch);
        ServerFile.Write(_folder, info, "a secret");
        Assert.Equal(info, ServerFile.Read(_folder));
        Assert.Equal(["server.json"], Directory.GetFiles(_folder).Select(Path.GetFileName));
        ServerFile.Remove(_folder, epoch: 2);
        Assert.Equal(info, ServerFile.Read(_folder));
        ServerFile.Remove(_folder, epoch: 3);
        Assert.Null(ServerFile.Read(_folder));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"url":"","processId":1,"version":"x","epoch":1,"startedAt":"2026-01-01T00:00:00Z"}""")]
    [InlineData("""{"url":"/etc/passwd","processId":1}""")]
    [InlineData("""{"url":"file:///etc/passwd","processId":1}""")]
    public void Read_DamagedFile_IsNone(string content)
    {
        File.WriteAllText(Path.Combine(_folder, "server.json"), content);
        Assert.Null(ServerFile.Read(_folder));
    }

    [Fact]
    public async Task ConnectAsync_WithAServerOnTheFolder_JoinsIt()
    {
        var host = new CommandHost();
        await using var first = await host.ConnectAsync(new ConnectOptions(_folder), CancellationToken.None);
        await using var second = await host.ConnectAsync(new ConnectOptions(_folder), CancellationToken.None);
        Assert.Equal((true, false), (first.IsInProcess, second.IsInProcess));
        Assert.Equal(first.Url, second.Url);
    }
}
