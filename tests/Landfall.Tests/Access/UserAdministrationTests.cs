using Landfall.Protocol;
using Landfall.Protocol.Access;
using Landfall.Protocol.Errors;

namespace Landfall.Tests.Access;

/// <summary>An admin manages their team, and nothing beyond it.</summary>
public sealed class UserAdministrationTests
{
    [Fact]
    public async Task TeamAdmin_WithWhatReachesBeyondTheTeam_IsRefused()
    {
        await using var server = await AccessServer.StartAsync();
        await server.Local().CreateTeamAsync("lab");
        await server.Local().AddUserAsync(new AddUserRequest { Name = "both", Role = TeamRole.Admin, Password = AccessServer.Password });
        await server.Local("lab").AddUserAsync(new AddUserRequest { Name = "both", Role = TeamRole.Viewer });
        await server.Local("lab").AddUserAsync(new AddUserRequest { Name = "owner", Role = TeamRole.Viewer });
        var admin = new LandfallClient(server.Http(await server.KeyAsync(TeamRole.Admin, "lab")));

        await RefusedAsync(ErrorCodes.Forbidden, () => admin.CreateTeamAsync("mine"));
        await RefusedAsync(ErrorCodes.Forbidden, () => admin.AddUserAsync(new AddUserRequest { Name = "eve", IsOwner = true, Password = AccessServer.Password }));

        // Their password opens the other team as well.
        await RefusedAsync(ErrorCodes.Forbidden, () => admin.SetPasswordAsync("both", "a quite different one"));
        await RefusedAsync(ErrorCodes.Forbidden, () => admin.SetPasswordAsync("owner", "a quite different one"));
        await RefusedAsync(ErrorCodes.Forbidden, () => admin.ChangeRoleAsync("owner", TeamRole.Admin));
        await RefusedAsync(ErrorCodes.Forbidden, () => admin.RemoveUserAsync("owner"));
        await admin.ChangeRoleAsync("both", TeamRole.Editor);
        await admin.RemoveUserAsync("both");
        Assert.Equal(TeamRole.Admin, (await server.Local().GetUsersAsync()).Single(u => u.Name == "both").Role);
        await RefusedAsync(ErrorCodes.NotFound, () => admin.RemoveUserAsync("both"));
        await RefusedAsync(ErrorCodes.NotFound, () => admin.SetPasswordAsync("nobody", "a quite different one"));
    }

    [Fact]
    public async Task LastOwner_CannotBeRemoved()
    {
        await using var server = await AccessServer.StartAsync();
        await RefusedAsync(ErrorCodes.Conflict, () => server.Local().RemoveUserAsync("owner"));
        await server.Local().AddUserAsync(new AddUserRequest { Name = "second", Role = TeamRole.Admin, IsOwner = true, Password = AccessServer.Password });
        await server.Local().RemoveUserAsync("owner");
        await RefusedAsync(ErrorCodes.Conflict, () => server.Local().RemoveUserAsync("SECOND"));
    }

    [Theory]
    [InlineData("", AccessServer.Password)]
    [InlineData("a b", AccessServer.Password)]
    [InlineData("a\n", AccessServer.Password)]
    [InlineData("anna", "short")]
    [InlineData("anna", null)]
    public async Task AddUser_BadNameOrPassword_SaysWhatIsWrong(string name, string? password)
    {
        await using var server = await AccessServer.StartAsync();
        await RefusedAsync(ErrorCodes.BadRequest, () => server.Local().AddUserAsync(new AddUserRequest { Name = name, Password = password }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Lab")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("-a")]
    [InlineData("a\n")]
    public async Task CreateTeam_NoName_IsRefused(string name)
    {
        await using var server = await AccessServer.StartAsync();
        await RefusedAsync(ErrorCodes.BadRequest, () => server.Local().CreateTeamAsync(name));
    }

    [Fact]
    public async Task AddUser_TheSameNameAtTheSameMoment_MakesOne()
    {
        await using var server = await AccessServer.StartAsync();
        var attempts = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            try
            {
                await server.Local().AddUserAsync(new AddUserRequest { Name = "anna", Password = AccessServer.Password });
                return "made";
            }
            catch (LandfallApiException refused)
            {
                return refused.Code;
            }
        }));
        Assert.Equal(["conflict", "conflict", "conflict", "made"], attempts.Order(StringComparer.Ordinal));
    }

    private static async Task RefusedAsync(string code, Func<Task> act) => Assert.Equal(code, (await Assert.ThrowsAsync<LandfallApiException>(act)).Code);
}
