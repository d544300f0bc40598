using Bunit;
using Landfall.Console.Access;
using Landfall.Console.Tests.FakeServer;
using Landfall.Protocol.Access;

namespace Landfall.Console.Tests.Access;

public sealed class AccessPagesTests
{
    [Fact]
    public async Task KeysPage_KeyMade_ShowsItsSecretOnce()
    {
        await using var context = new ConsoleContext();
        var page = context.Render<KeysPage>();
        Assert.Equal(["web shop", "nightly landing"], page.FindAll(ConsoleContext.TestId("key")).Select(k => k.GetAttribute("data-key")));
        Assert.DoesNotContain("lf_shown-this-once", page.Markup, StringComparison.Ordinal);

        await page.Find(ConsoleContext.TestId("key-name")).ChangeAsync("new one");
        await page.Find(ConsoleContext.TestId("key-add")).SubmitAsync();

        Assert.Contains("lf_shown-this-once", page.Find(ConsoleContext.TestId("key-created")).TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("lf_shown-this-once", context.Render<KeysPage>().Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeysPage_Revoke_AsksBeforeItDoes()
    {
        await using var context = new ConsoleContext();
        var page = context.Render<KeysPage>();
        await page.Find(ConsoleContext.TestId("key-revoke")).ClickAsync();
        Assert.DoesNotContain(context.Api.Requests, r => r.StartsWith("DELETE", StringComparison.Ordinal));
        await page.Find(ConsoleContext.TestId("key-revoke")).ClickAsync();
        Assert.Contains("DELETE /api/keys/01", context.Api.Requests);
    }

    [Fact]
    public async Task UsersPage_WithoutUsers_SaysThatTheMachineIsOpen()
    {
        await using var context = new ConsoleContext();
        Assert.NotNull(context.Render<UsersPage>().Find(ConsoleContext.TestId("users-open")));
        await using var closed = new ConsoleContext(new FakeApi { Session = FakeAccess.SignedIn });
        Assert.Empty(closed.Render<UsersPage>().FindAll(ConsoleContext.TestId("users-open")));
    }

    [Fact]
    public async Task UsersPage_RoleChosen_IsSent()
    {
        await using var context = new ConsoleContext(new FakeApi { Session = FakeAccess.SignedIn });
        var page = context.Render<UsersPage>();
        await page.FindAll("[data-testid=user] select")[1].ChangeAsync(nameof(TeamRole.Operator));
        Assert.Contains($"PUT /api/users/{Uri.EscapeDataString("李雷")}/role", context.Api.Requests);
    }

    [Fact]
    public async Task AuditPage_Entries_AreShownWithAWayToOlderOnes()
    {
        await using var context = new ConsoleContext();
        var page = context.Render<Landfall.Console.Access.AuditPage>();
        Assert.Equal(2, page.FindAll(ConsoleContext.TestId("audit-entry")).Count);
        Assert.Contains("before=6", page.Find(ConsoleContext.TestId("audit-older")).GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AccountMenu_WithoutASession_IsNotThere()
    {
        await using var open = new ConsoleContext();
        Assert.Empty(open.Render<AccountMenu>().FindAll(ConsoleContext.TestId("account")));
        await using var signedIn = new ConsoleContext(new FakeApi { Session = FakeAccess.SignedIn });
        var menu = signedIn.Render<AccountMenu>();
        Assert.Equal("anna", menu.Find(ConsoleContext.TestId("account-name")).TextContent);
        Assert.Equal(["default", "lab"], menu.FindAll("option").Select(o => o.TextContent));
    }
}
