using System.Text.RegularExpressions;
using Landfall.Protocol.Briefs;

namespace Landfall.Platform.Briefs;

/// <summary>Reads the text of <c>brief.yaml</c> and reports everything that is wrong with it at once.</summary>
public static partial class BriefParser
{
    private const string ScopeExample = "scope: { in: [invoices, refunds], out: { label: other, examples: [...] } }";

    /// <summary>Parses; never throws for any text.</summary>
    public static ParsedBrief Parse(string yaml)
    {
        var reading = new BriefReading();
        var parts = new BriefParts();
        try
        {
            ReadRoot(YamlTreeReader.Read(yaml), reading, parts);
        }
        catch (YamlTreeException e)
        {
            reading.Error(e.Code, e.Line, "", e.Message);
        }

        var problems = BriefProblems.Ordered(reading.Problems);
        var brief = problems.Any(p => p.Severity == Severity.Error) ? null : Compose(parts);
        return new ParsedBrief(brief, problems, reading.Positions) { Parts = parts };
    }

    private static void ReadRoot(YamlNode root, BriefReading reading, BriefParts parts)
    {
        if (reading.Mapping(root, "", BriefKeys.Root, "keys with values, such as 'app: helpdesk'") is not { } mapping)
        {
            return;
        }

        ReadApp(mapping, reading, parts);
        if (reading.Required(mapping, "scenario", "missing-field", "Say in a sentence or two who writes what, and what the app answers.") is { } scenario)
        {
            parts.Scenario = reading.Text(scenario, "scenario");
        }

        if (reading.Required(mapping, "interaction", "missing-field", $"It is one of {string.Join(", ", BriefKeys.Interactions)}.") is { } interaction)
        {
            parts.Interaction = reading.Word<Interaction>(interaction, "interaction", BriefKeys.Interactions);
        }

        ReadOutput(mapping, reading, parts);
        ReadScope(mapping, reading, parts);
        ReadData(mapping, reading, parts);
        TargetReader.Read(mapping, reading, parts);
        TechniqueReader.Read(mapping, reading, parts);
        ReadBudget(mapping, reading, parts);
        JudgeReader.Read(mapping, reading, parts);
        RepetitionReader.Read(mapping, reading, parts);
        SearchReader.Read(mapping, reading, parts);
    }

    private static void ReadApp(BriefMapping mapping, BriefReading reading, BriefParts parts)
    {
        if (reading.Required(mapping, "app", "missing-field", "Give the app a short name, such as 'helpdesk'.") is not { } node
            || reading.Text(node, "app") is not { } name)
        {
            return;
        }

        if (AppName().IsMatch(name))
        {
            parts.App = name;
        }
        else
        {
            var slug = AppNames.From(name);
            var hint = slug.Length > 0 ? $" Write '{slug}', for example." : "";
            reading.Error("app-name", node.Line, "app", $"{Shown.Text(name)} cannot be an app's name: 1 to 64 lower-case letters (a to z), digits and hyphens, with a letter or digit first.{hint}");
        }
    }

    private static void ReadOutput(BriefMapping mapping, BriefReading reading, BriefParts parts)
    {
        if (reading.Required(mapping, "output", "missing-field", "Write output: { kind: label }, for example.") is not { } node
            || reading.Mapping(node, "output", BriefKeys.Output, "output: { kind: label }") is not { } output)
        {
            return;
        }

        if (reading.Required(output, "kind", "missing-field", $"It is one of {string.Join(", ", BriefKeys.OutputKinds)}.") is { } kind)
        {
            parts.Output = reading.Word<OutputKind>(kind, "output.kind", BriefKeys.OutputKinds);
        }

        if (!output.TryGet("schema", out var schema, out var field))
        {
            return;
        }

        if (parts.Output is { } other and not OutputKind.Json)
        {
            reading.Error("schema-without-json", schema.Line, field, $"A schema belongs to output kind json, and the kind is {BriefKeys.WordOf(other)}. Remove the schema or change the kind.");
        }
        else if (schema is YamlMapping)
        {
            parts.InlineSchema = YamlJson.Write(schema);
        }
        else if (schema is YamlSequence)
        {
            reading.WrongType(schema, field, "a JSON schema written as a mapping, or the path of a .json file", "schema: schema.json");
        }
        else if (PathOf(schema, field, reading) is { } path)
        {
            if (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            {
                parts.SchemaPath = path;
            }
            else
            {
                reading.Error("schema-path", schema.Line, field, $"{Shown.Text(path)} is no .json file. Write the schema as a mapping, or the path of a .json file in the brief's folder.");
            }
        }
    }

    private static void ReadScope(BriefMapping mapping, BriefReading reading, BriefParts parts)
    {
        if (!mapping.TryGet("scope", out var node, out _) || reading.Mapping(node, "scope", BriefKeys.Scope, ScopeExample) is not { } scope)
        {
            return;
        }

        parts.HasScope = true;
        if (scope.TryGet("in", out var inScope, out var field))
        {
            parts.InScope = reading.Texts(inScope, field, "in: [invoices, refunds]");
        }

        if (scope.TryGet("out", out var outOfScope, out field))
        {
            parts.HasOutOfScope = true;
            ReadOutOfScope(outOfScope, field, reading, parts);
        }
    }

    private static void ReadOutOfScope(YamlNode node, string field, BriefReading reading, BriefParts parts)
    {
        if (reading.Mapping(node, field, BriefKeys.OutOfScope, "out: { label: other, examples: [...] }") is not { } mapping)
        {
            return;
        }

        var label = reading.Required(mapping, "label", "missing-field", "Name the label that out-of-scope rows carry in the data, such as 'other'.") is { } labelNode
            ? reading.Text(labelNode, "scope.out.label")
            : null;
        var reply = mapping.TryGet("reply", out var replyNode, out var replyField) ? reading.Text(replyNode, replyField) : null;
        var examples = mapping.TryGet("examples", out var examplesNode, out var examplesField)
            ? reading.Texts(examplesNode, examplesField, "a list of messages, one '- ...' per line")
            : [];
        parts.OutOfScope = label is null ? null : new OutOfScope(label, reply, examples);
    }

    private static void ReadData(BriefMapping mapping, BriefReading reading, BriefParts parts)
    {
        const string example = "data: { train: data/train.jsonl, test: data/test.jsonl }";
        if (reading.Required(mapping, "data", "no-data", $"Write {example}.") is not { } node
            || reading.Mapping(node, "data", BriefKeys.Data, example) is not { } data)
        {
            return;
        }

        string? Optional(string key) => data.TryGet(key, out var path, out var field) ? PathOf(path, field, reading) : null;
        parts.Train = reading.Required(data, "train", "no-train-data", "Name the file that candidates learn from, such as data/train.jsonl.") is { } train
            ? PathOf(train, "data.train", reading)
            : null;
        parts.Test = reading.Required(data, "test", "no-test-data", "There is no data to measure a target on: name a file of rows that are in no other file, such as data/test.jsonl.") is { } test
            ? PathOf(test, "data.test", reading)
            : null;
        parts.Validation = Optional("validation");
        parts.Knowledge = Optional("knowledge");
    }

    private static void ReadBudget(BriefMapping mapping, BriefReading reading, BriefParts parts)
    {
        if (!mapping.TryGet("budget", out var node, out _) || reading.Mapping(node, "budget", BriefKeys.Budget, "budget: { time: 10m }") is not { } budget)
        {
            return;
        }

        if (budget.TryGet("time", out var time, out var field) && reading.Text(time, field) is { } text)
        {
            if (DurationText.TryParse(text, out var duration))
            {
                parts.Budget = parts.Budget with { Time = duration };
            }
            else
            {
                reading.Error("budget-time", time.Line, field, $"{Shown.Text(text)} is no duration above zero and up to 30 days. Write a number with its unit, such as 90s, 10m or 1h30m.");
            }
        }

        if (budget.TryGet("money", out var money, out field) && reading.Number(money, field, example: "5.00") is { } dollars)
        {
            if (dollars is >= 0 and <= 1e9)
            {
                parts.Budget = parts.Budget with { MoneyUsd = (decimal)dollars };
            }
            else
            {
                reading.Error("budget-money", money.Line, field, $"The budget cannot be {Shown.Number(dollars)} US dollars. Write an amount of 0 or more, such as 5.00.");
            }
        }
    }

    internal static string? PathOf(YamlNode node, string field, BriefReading reading)
    {
        if (reading.Text(node, field) is not { } path)
        {
            return null;
        }

        if (BriefPaths.WhyRefused(path) is { } reason)
        {
            reading.Error("path-outside", node.Line, field, $"The path {Shown.Text(path)} {reason}.");
            return null;
        }

        return path;
    }

    /// <summary>The brief of parts that have no errors, hence are all there.</summary>
    private static Brief Compose(BriefParts parts) => new()
    {
        App = parts.App!,
        Scenario = parts.Scenario!,
        Interaction = parts.Interaction!.Value,
        Output = parts.Output!.Value,
        OutputSchema = parts.InlineSchema,
        Scope = parts.HasScope ? new Scope(parts.InScope, parts.OutOfScope) : null,
        Data = new BriefData(parts.Train!, parts.Validation, parts.Test!, parts.Knowledge),
        Targets = [.. parts.Targets.Select(t => new Target(t.Metric!, t.Bound!.Value, t.Direction, t.Confidence, t.On))],
        Techniques = parts.Techniques?.Select(t => t.Request).ToList(),
        Budget = parts.Budget,
        Judges = [.. parts.Judges.Select(judge => judge.ToJudge())],
        Repeats = parts.Repeats,
        Conversations = parts.Conversations,
        Searches = [.. parts.Searches.Select(search => search.Search)],
    };

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,63}\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AppName();
}
