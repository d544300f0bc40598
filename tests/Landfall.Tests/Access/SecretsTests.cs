using System.Text;
using Landfall.Platform.Access;
using Landfall.Protocol.Access;
using Microsoft.Extensions.DependencyInjection;

namespace Landfall.Tests.Access;

/// <summary>Secrets are shown once, and kept nowhere.</summary>
public sealed class SecretsTests
{
    [Fact]
    public async Task DataFolder_AfterAllKindsOfSecretsWereUsed_HasNoneOfThem()
    {
        const string wrong = "a wrong password 77";
        await using var server = await AccessServer.StartAsync();
        var key = await server.KeyAsync(TeamRole.Admin);
        using var byKey = server.Http(key);
        Assert.True((await byKey.GetAsync("api/audit", TestContext.Current.CancellationToken)).IsSuccessStatusCode);
        using var session = await server.SignInAsync("owner");
        using var stranger = server.Http(token: null, cookies: true);
        using var refused = await AccessServer.PostFormAsync(stranger, "sign-in", "session/sign-in", ("name", "owner"), ("password", wrong));
        Assert.Contains("error=wrong", refused.Headers.Location!.OriginalString, StringComparison.Ordinal);
        await server.Local().SetPasswordAsync("owner", "another good password");

        var secrets = server.Server.Services.GetRequiredService<ServerSecrets>();
        var written = await server.Server.ReadDataFolderAsync();
        foreach (var secret in new[] { key, key[12..], AccessServer.Password, wrong, "another good password", secrets.Console, AccessTokens.Session })
        {
            Assert.DoesNotContain(written, file => Contains(file.Content, secret));
        }

        // The check itself sees: hashes and prefixes are there, and the owner's secret in the one file for it.
        Assert.Contains(written, file => Contains(file.Content, AccessTokens.Hash(key)));
        Assert.Equal(["server.json"], written.Where(file => Contains(file.Content, secrets.Local)).Select(file => file.Name));
    }

    [Fact]
    public async Task ServerFile_OnUnix_IsTheOwnersAlone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes.");
            return;
        }

        await using var server = await AccessServer.StartAsync();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(server.Server.Folder, "server.json")));
    }

    private static bool Contains(byte[] content, string text) => content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
}
