using Bunit;
using Landfall.Console.Models;
using Landfall.Console.Tests.FakeServer;

namespace Landfall.Console.Tests.Models;

public sealed class ModelPagesTests
{
    [Fact]
    public async Task ModelsPage_Models_StandWithTypeSizeAndOrigin()
    {
        await using var context = new ConsoleContext();
        var page = context.Render<ModelsPage>();
        Assert.Equal(["qwen", "qwen-q4", "qwen:terse"], page.FindAll(ConsoleContext.TestId("model")).Select(m => m.GetAttribute("data-name")));
        Assert.Contains("Q4_K", page.FindAll(ConsoleContext.TestId("model"))[1].TextContent, StringComparison.Ordinal);
        Assert.NotEmpty(page.FindAll("a[href='models/qwen']"));
    }

    [Fact]
    public async Task ModelsPage_WithoutModels_SaysHowToHaveOne()
    {
        await using var context = new ConsoleContext(new FakeApi { Models = new FakeModels { IsEmpty = true } });
        Assert.NotEmpty(context.Render<ModelsPage>().FindAll(ConsoleContext.TestId("models-empty")));
    }

    [Fact]
    public async Task ModelsPage_Path_StartsAnImport()
    {
        await using var context = new ConsoleContext();
        var page = context.Render<ModelsPage>();
        Assert.True(page.Find(ConsoleContext.TestId("import-start")).HasAttribute("disabled"));
        await page.Find(ConsoleContext.TestId("import-name")).InputAsync("new");
        await page.Find(ConsoleContext.TestId("import-path")).InputAsync("/models/new.gguf");
        await page.Find("form").SubmitAsync();
        Assert.Contains(context.Api.Requests, r => r == "POST /api/models/import-path");
        Assert.Contains(context.Api.Models.Bodies, b => b.Contains("/models/new.gguf", StringComparison.Ordinal));
        Assert.NotEmpty(page.FindAll(ConsoleContext.TestId("model-run")));
    }

    [Fact]
    public async Task ModelsPage_AdapterOfAModel_IsImportedForIt()
    {
        await using var context = new ConsoleContext();
        var page = context.Render<ModelsPage>();
        Assert.Equal(["", "qwen", "qwen-q4"], page.FindAll($"{ConsoleContext.TestId("import-base")} option").Select(o => o.GetAttribute("value")));
        await page.Find(ConsoleContext.TestId("import-name")).InputAsync("calm");
        await page.Find(ConsoleContext.TestId("import-path")).InputAsync("/adapters/calm");
        await page.Find(ConsoleContext.TestId("import-base")).ChangeAsync("qwen");
        await page.Find("form").SubmitAsync();
        Assert.Contains(context.Api.Models.Bodies, b => b.Contains("\"base\":\"qwen\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ModelPage_Adapter_ShowsItsBaseAndIsNotQuantised()
    {
        await using var context = new ConsoleContext();
        var page = context.Render<ModelPage>(p => p.Add(m => m.Name, "qwen:terse"));
        Assert.Contains("lora", page.Find(ConsoleContext.TestId("model-lineage")).TextContent, StringComparison.Ordinal);
        Assert.Contains("16", page.Find(ConsoleContext.TestId("model-facts")).TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(ConsoleContext.TestId("quantise-start")));
    }

    [Fact]
    public async Task ModelPage_Quantised_ShowsItsOriginAndTypes()
    {
        await using var context = new ConsoleContext();
        var page = context.Render<ModelPage>(p => p.Add(m => m.Name, "qwen-q4"));
        Assert.Contains("Q4_K", page.Find(ConsoleContext.TestId("model-lineage")).TextContent, StringComparison.Ordinal);
        Assert.Contains("qwen", page.Find(ConsoleContext.TestId("Model_Ancestors")).TextContent, StringComparison.Ordinal);
        Assert.Contains("apache-2.0", page.Find(ConsoleContext.TestId("model-facts")).TextContent, StringComparison.Ordinal);
        Assert.Equal(2, page.FindAll("table[data-testid=model-types] tbody tr").Count);
    }

    [Fact]
    public async Task ModelPage_Quantise_SuggestsANameAndStarts()
    {
        await using var context = new ConsoleContext();
        var page = context.Render<ModelPage>(p => p.Add(m => m.Name, "qwen"));
        await page.Find(ConsoleContext.TestId("quantise-type")).ChangeAsync("q8_0");
        Assert.Equal("qwen-q8_0", page.Find(ConsoleContext.TestId("quantise-name")).GetAttribute("value"));
        await page.Find("form").SubmitAsync();
        Assert.Contains(context.Api.Models.Bodies, b => b.Contains("qwen-q8_0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ModelPage_Remove_NeedsASecondClick()
    {
        await using var context = new ConsoleContext();
        var page = context.Render<ModelPage>(p => p.Add(m => m.Name, "qwen"));
        await page.Find(ConsoleContext.TestId("model-remove")).ClickAsync();
        Assert.DoesNotContain(context.Api.Requests, r => r.StartsWith("DELETE", StringComparison.Ordinal));
        await page.Find(ConsoleContext.TestId("model-remove")).ClickAsync();
        Assert.Contains(context.Api.Requests, r => r == "DELETE /api/models/qwen");
    }

    [Fact]
    public async Task ModelPage_UnknownModel_SaysSo()
    {
        await using var context = new ConsoleContext();
        Assert.NotEmpty(context.Render<ModelPage>(p => p.Add(m => m.Name, "nobody")).FindAll(ConsoleContext.TestId("model-missing")));
    }

    [Fact]
    public async Task ChatPage_TwoModels_AnswerSideBySideWithTheirSpeed()
    {
        await using var context = new ConsoleContext();
        var page = context.Render<ChatPage>();
        await page.Find(ConsoleContext.TestId("chat-text")).InputAsync("Name three rivers.");
        await page.Find("form").SubmitAsync();
        foreach (var side in new[] { "left", "right" })
        {
            Assert.Contains("Three rivers", page.Find(ConsoleContext.TestId($"turns-{side}")).TextContent, StringComparison.Ordinal);
            Assert.Contains("31.5", page.Find(ConsoleContext.TestId($"times-{side}")).TextContent, StringComparison.Ordinal);
        }

        Assert.Contains(context.Api.Models.Bodies, b => b.Contains("\"model\":\"qwen-q4\"", StringComparison.Ordinal));
        await page.Find(ConsoleContext.TestId("chat-clear")).ClickAsync();
        Assert.Empty(page.FindAll(".turn"));
    }
}
