using System.Collections;
using System.Globalization;
using System.Resources;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Landfall.Console.Localization;
using Landfall.Protocol.Access;
using Landfall.Protocol.Apps;
using Landfall.Protocol.Reports;
using Landfall.Protocol.Runs;

namespace Landfall.Console.Tests.Localization;

public sealed partial class TextsTests
{
    private static readonly Dictionary<string, string> English = Load(CultureInfo.InvariantCulture);
    private static readonly Dictionary<string, string> Chinese = Load(new CultureInfo("zh-Hans"));

    [Fact]
    public void Texts_InBothLanguages_HaveTheSameKeys() => Assert.Equal(English.Keys.Order(), Chinese.Keys.Order());

    [Fact]
    public void Texts_InBothLanguages_HaveTheSamePlaceholdersAndNoneIsEmpty() =>
        Assert.All(English, text =>
        {
            Assert.Equal(Placeholders(text.Value).Order().Distinct(), Placeholders(Chinese[text.Key]).Order().Distinct());
            Assert.False(string.IsNullOrWhiteSpace(text.Value) || string.IsNullOrWhiteSpace(Chinese[text.Key]), text.Key);
        });

    [Fact]
    public void Texts_AskedForBySources_ExistAndNoneIsLeftOver()
    {
        var sources = Sources().ToList();
        var asked = sources.SelectMany(source => Key().Matches(source).Select(match => match.Groups["key"].Value)).ToHashSet();
        asked.UnionWith(Enum.GetNames<Verdict>().Select(name => $"Verdict_{name}"));
        asked.UnionWith(Enum.GetNames<RunState>().Select(name => $"State_{name}"));
        asked.UnionWith(Enum.GetNames<AnswerChange>().Select(name => $"Change_{name}"));
        asked.UnionWith(Enum.GetNames<TeamRole>().Select(name => $"Role_{name}"));
        asked.UnionWith(new[] { "Users", "Keys", "Audit" }.SelectMany(page => new[] { $"Access_{page}", $"Access_{page}_Lead" }));
        asked.UnionWith(new[] { "done", "refused", "failed" }.Select(outcome => $"Audit_{outcome}"));
        asked.UnionWith(Enum.GetNames<CandidateStatus>().Select(name => $"Status_{name}"));

        Assert.Empty(English.Keys.Except(asked));
        Assert.Empty(asked.Where(key => key.Contains('_', StringComparison.Ordinal)).Except(English.Keys));
    }

    private static Dictionary<string, string> Load(CultureInfo culture) =>
        new ResourceManager(typeof(Texts)).GetResourceSet(culture, createIfNotExists: true, tryParents: false)!
            .Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);

    private static IEnumerable<string> Placeholders(string text) => Placeholder().Matches(text).Select(match => match.Value);

    private static IEnumerable<string> Sources([CallerFilePath] string here = "")
    {
        var folder = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "src", "Landfall.Console"));
        return Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".razor" or ".cs" && Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj"))
            .Select(File.ReadAllText);
    }

    [GeneratedRegex("\"(?<key>[A-Z][A-Za-z]+_[A-Za-z_]+|Confidence|Copy|Copied)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Key();

    [GeneratedRegex("""\{\d\}""", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();
}
