using System.Reflection;
using System.Xml.Linq;
using ArchUnitNET.Fluent;
using ArchUnitNET.Loader;
using Landfall.Commands;

namespace Landfall.Tests;

/// <summary>Who may reference whom (docs: architecture, "Projects").</summary>
public sealed class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Landfall.Protocol"] = [],
        ["Landfall.Inference"] = [],
        ["Landfall.Retrieval"] = [],
        ["Landfall.Training"] = ["Landfall.Protocol", "Landfall.Inference"],
        ["Landfall.Platform"] = ["Landfall.Protocol", "Landfall.Inference", "Landfall.Retrieval"],
        ["Landfall.Console"] = ["Landfall.Protocol"],
        ["Landfall.Edge"] = ["Landfall.Protocol", "Landfall.Inference", "Landfall.Retrieval"],
        ["Landfall"] = ["Landfall.Protocol", "Landfall.Inference", "Landfall.Retrieval", "Landfall.Training", "Landfall.Platform", "Landfall.Console"],
    };

    [Fact]
    public void Projects_ReferenceExactlyWhatTheyMay()
    {
        var projects = Directory.GetFiles(Path.Combine(Repository.Folder, "src"), "*.csproj", SearchOption.AllDirectories).ToDictionary(p => Path.GetFileNameWithoutExtension(p), StringComparer.Ordinal);
        Assert.Empty(projects.Keys.Except(Allowed.Keys));
        Assert.All(projects, project =>
        {
            var expected = Allowed[project.Key].Where(projects.ContainsKey).Order(StringComparer.Ordinal);
            Assert.Equal(expected, References(project.Value).Order(StringComparer.Ordinal));
        });
    }

    [Fact]
    public void Sources_DoNotNamePlatformPackagesWhereTheyDoNotBelong()
    {
        // Protocol and Retrieval stay light: no package at all but what the framework brings (and tensors, for speed).
        foreach (var project in new[] { "Landfall.Protocol", "Landfall.Retrieval" })
        {
            var packages = XDocument.Load(Path.Combine(Repository.Folder, "src", project, project + ".csproj")).Descendants("PackageReference").Select(p => p.Attribute("Include")!.Value);
            Assert.Empty(packages.Except(["System.Numerics.Tensors"]));
        }
    }

    [Fact]
    public void Commands_SpeakOnlyProtocol()
    {
        var assemblies = typeof(LandfallCommandLine).Assembly.GetReferencedAssemblies().Where(a => a.Name!.StartsWith("Landfall.", StringComparison.Ordinal)).Select(Assembly.Load);
        var architecture = new ArchLoader().LoadAssemblies([typeof(LandfallCommandLine).Assembly, .. assemblies, typeof(Landfall.Protocol.LandfallClient).Assembly]).Build();

        Assert.Empty(Offenders("Platform|Retrieval|Console|Inference|Training|Hosting"));
        // The rule can fail: what the commands do speak is seen.
        Assert.NotEmpty(Offenders("Protocol"));

        List<string> Offenders(string namespaces) => ArchRuleDefinition.Types().That().ResideInNamespaceMatching(@"^Landfall\.Commands(\.|$)")
            .Should().NotDependOnAny(ArchRuleDefinition.Types().That().ResideInNamespaceMatching($@"^Landfall\.({namespaces})(\.|$)"))
            .Evaluate(architecture).Where(r => !r.Passed).Select(r => r.Description).ToList();
    }

    private static IEnumerable<string> References(string project) =>
        XDocument.Load(project).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));
}
