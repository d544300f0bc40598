using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Landfall.Commands;
using Landfall.Hosting;
using Landfall.Platform.Briefs;
using Landfall.Platform.Candidates;
using Landfall.Platform.Endpoints;
using Landfall.Platform.Evaluation;
using Landfall.Platform.Models;
using Landfall.Platform.Storage;
using Landfall.Platform.Training;
using Landfall.Protocol.Briefs;
using Landfall.Protocol.Errors;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Landfall.Tests;

/// <summary>What the documentation says can be found in the program, and the other way round.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string Configuration = Repository.Read("docs", "reference", "configuration.md");
    private static readonly string Briefs = Repository.Read("docs", "writing-a-brief.md");

    [Fact]
    public void Links_ToFilesAndHeadings_LeadSomewhere()
    {
        var broken = new List<string>();
        foreach (var page in Pages())
        {
            foreach (Match link in Link().Matches(Fence().Replace(File.ReadAllText(page), "")))
            {
                var (path, anchor) = Split(link.Groups["target"].Value);
                var target = path.Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, path));
                var found = File.Exists(target) || (Directory.Exists(target) && anchor is null);
                if (!found || (anchor is not null && !Anchors(target).Contains(anchor)))
                {
                    broken.Add($"{Path.GetRelativePath(Repository.Folder, page)}: {link.Groups["target"].Value}");
                }
            }
        }

        Assert.Empty(broken);
    }

    [Fact]
    public void Briefs_InCodeBlocks_HaveNoErrors()
    {
        var briefs = Pages().SelectMany(page => Blocks(File.ReadAllText(page)).Where(b => b.Language == "yaml brief").Select(b => (Page: page, b.Text))).ToList();
        Assert.NotEmpty(briefs);
        Assert.All(briefs, brief =>
        {
            var parsed = BriefParser.Parse(brief.Text);
            Assert.DoesNotContain(parsed.Problems, p => p.Severity == Severity.Error);
            Assert.All(parsed.Brief!.Targets, t => Assert.NotNull(MetricRegistry.BuiltIn.Find(t.Metric)));
        });
    }

    [Fact]
    public void Readmes_InBothLanguages_HaveTheSameCode() =>
        Assert.Equal(Blocks(Repository.Read("README.md")), Blocks(Repository.Read("README.zh-CN.md")));

    [Fact]
    public void WritingABrief_NamesEveryMetricAndProblem()
    {
        var sources = string.Concat(Directory.GetFiles(Path.Combine(Repository.Folder, "src", "Landfall.Platform", "Briefs"), "*.cs").Select(File.ReadAllText));
        var codes = ProblemCode().Matches(sources).Select(m => m.Groups["code"].Value).Distinct(StringComparer.Ordinal).ToList();
        Assert.True(codes.Count > 40, $"Only {codes.Count} problem codes were found in the sources.");
        Assert.Empty(MissingIn(Briefs, MetricRegistry.BuiltIn.Names.Concat(codes).Select(name => $"| `{name}` |")));
    }

    [Fact]
    public async Task Techniques_NamesEverySetting()
    {
        var page = Repository.Read("docs", "techniques.md");
        var folder = Directory.CreateTempSubdirectory("landfall-documentation-").FullName;
        await using var provider = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddStorage(folder).AddEndpoints(folder).AddModels(folder).AddTraining(new TrainingOptions { Folder = folder }).AddCandidates().BuildServiceProvider();
        Assert.All(provider.GetServices<ITechnique>(), technique =>
        {
            Assert.Contains($"## `{technique.Name}`", page, StringComparison.Ordinal);
            Assert.All(technique.Settings.Keys, setting => Assert.Contains($"| `{setting}` |", page, StringComparison.Ordinal));
        });
    }

    [Fact]
    public void Configuration_NamesEveryCommandOptionAndCode()
    {
        var exitCodes = Constants<int>(typeof(ExitCodes)).Select(code => $"| {code.ToString(CultureInfo.InvariantCulture)} |");
        var errorCodes = Constants<string>(typeof(ErrorCodes)).Select(code => $"| `{code}` |");
        var commands = Commands(LandfallCommandLine.Build(new CommandHost()), "").SelectMany(c => c.Command.Options
            .Where(o => o is not (System.CommandLine.Help.HelpOption or VersionOption)).Select(o => $"`{o.Name}").Append($"`{c.Name}"));
        Assert.Empty(MissingIn(Configuration, exitCodes.Concat(errorCodes).Concat(commands)));
    }

    [Fact]
    public void Configuration_NamesEveryRoute()
    {
        var document = JsonNode.Parse(Repository.Read("docs", "reference", "openapi.json"))!;
        var routes = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(method => $"| `{method.Key.ToUpperInvariant()} {path.Key}` |"));
        Assert.Empty(MissingIn(Configuration, routes));
    }

    [Fact]
    public void Decisions_AreNumberedInOrderAndListed()
    {
        var folder = Path.Combine(Repository.Folder, "docs", "decisions");
        var pages = Directory.GetFiles(folder, "0*.md").Select(Path.GetFileName).Order(StringComparer.Ordinal).ToList();
        var index = File.ReadAllText(Path.Combine(folder, "README.md"));
        Assert.Equal(pages.Count, pages.DistinctBy(p => int.Parse(p![..4], CultureInfo.InvariantCulture)).Count());
        Assert.All(pages, page => Assert.Contains($"({page})", index, StringComparison.Ordinal));
    }

    private static List<string> MissingIn(string page, IEnumerable<string> texts) =>
        [.. texts.Where(text => !page.Contains(text, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal)];

    private static IEnumerable<string> Pages() => Directory.EnumerateFiles(Repository.Folder, "*.md", SearchOption.AllDirectories)
        .Where(page => !Path.GetRelativePath(Repository.Folder, page).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "node_modules" or ".git"));

    private static IEnumerable<(string Language, string Text)> Blocks(string page) =>
        Fence().Matches(page).Select(block => (block.Groups["language"].Value, block.Groups["text"].Value));

    private static (string Path, string? Anchor) Split(string target) =>
        target.IndexOf('#', StringComparison.Ordinal) is >= 0 and var at ? (target[..at], target[(at + 1)..]) : (target, null);

    /// <summary>The anchors that GitHub gives to a page's headings.</summary>
    private static HashSet<string> Anchors(string page) =>
        [.. Heading().Matches(Fence().Replace(File.ReadAllText(page), ""))
            .Select(h => string.Concat(h.Groups["text"].Value.Trim().ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-'))];

    private static IEnumerable<T> Constants<T>(Type type) =>
        type.GetFields().Where(f => f.IsLiteral && f.FieldType == typeof(T)).Select(f => (T)f.GetRawConstantValue()!);

    private static IEnumerable<(string Name, Command Command)> Commands(Command command, string prefix)
    {
        yield return (prefix, command);
        foreach (var child in command.Subcommands.SelectMany(c => Commands(c, $"{prefix} {c.Name}".Trim())))
        {
            yield return child;
        }
    }

    [GeneratedRegex(@"\]\((?<target>(?!https?:|mailto:)[^)\s]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Link();

    [GeneratedRegex(@"^```(?<language>[^\n]*)\n(?<text>.*?)^```", RegexOptions.ExplicitCapture | RegexOptions.Singleline | RegexOptions.Multiline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Fence();

    [GeneratedRegex("^#+ (?<text>.+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Heading();

    [GeneratedRegex("""(Error\(|Warn\(|YamlTreeException\(|Required\([a-zA-Z]+, "[a-z-]+",)\s*"(?<code>[a-z]+(-[a-z]+)+)",""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex ProblemCode();
}
