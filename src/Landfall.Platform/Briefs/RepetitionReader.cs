namespace Landfall.Platform.Briefs;

/// <summary>Reads how rows are asked: <c>repeats</c> and <c>conversations</c>.</summary>
internal static class RepetitionReader
{
    private const int MostRepeats = 100;
    private const int MostTurns = 100;

    public static void Read(BriefMapping mapping, BriefReading reading, BriefParts parts)
    {
        ReadRepeats(mapping, reading, parts);
        ReadConversations(mapping, reading, parts);
    }

    private static void ReadRepeats(BriefMapping mapping, BriefReading reading, BriefParts parts)
    {
        const string example = "repeats: 4, or repeats: { k: 2, of: 4 }";
        if (!mapping.TryGet("repeats", out var node, out var field))
        {
            return;
        }

        int? k, of;
        string? by = null;
        if (node is YamlScalar)
        {
            k = of = reading.Whole(node, field, 1, MostRepeats, example);
        }
        else if (reading.Mapping(node, field, BriefKeys.Repeats, example) is { } repeats)
        {
            k = reading.Required(repeats, "k", "missing-field", "Write how many answers in a row must be right, such as k: 4.") is { } kNode
                ? reading.Whole(kNode, $"{field}.k", 1, MostRepeats, "k: 4") : null;
            of = repeats.TryGet("of", out var ofNode, out var ofField) ? reading.Whole(ofNode, ofField, 1, MostRepeats, "of: 8") : k;
            by = repeats.TryGet("by", out var byNode, out var byField) ? reading.Text(byNode, byField) : null;
        }
        else
        {
            return;
        }

        if (k > of)
        {
            reading.Error("repeats-range", node.Line, field, $"pass^{k} cannot be measured with {of} answers to a row. Write k of at most 'of', such as {{ k: {of}, of: {of} }}.");
            return;
        }

        parts.Repeats = k is null || of is null ? null : new Repeats(k.Value, of.Value, by ?? (parts.Output == OutputKind.Label ? "accuracy" : "exact-match"));
    }

    private static void ReadConversations(BriefMapping mapping, BriefReading reading, BriefParts parts)
    {
        const string example = "conversations: { simulator: scripted, check: contains }";
        if (!mapping.TryGet("conversations", out var node, out var field)
            || reading.Mapping(node, field, BriefKeys.Conversations, example) is not { } talk)
        {
            return;
        }

        var simulator = talk.TryGet("simulator", out var simulatorNode, out var simulatorField) ? reading.Text(simulatorNode, simulatorField) : ConversationPlan.Scripted;
        var turns = talk.TryGet("max-turns", out var turnsNode, out var turnsField) ? reading.Whole(turnsNode, turnsField, 1, MostTurns, "max-turns: 8") : ConversationPlan.DefaultMaxTurns;
        var seed = talk.TryGet("seed", out var seedNode, out var seedField) ? reading.Whole(seedNode, seedField, 0, int.MaxValue, "seed: 1") : 1;
        var (check, judge) = ReadCheck(talk, reading);
        if (simulator is not null && turns is not null && seed is not null && check is not null)
        {
            parts.Conversations = new ConversationPlan(simulator == ConversationPlan.Scripted ? null : simulator, turns.Value, check.Value, judge, seed.Value);
        }

        if (parts.Interaction is { } interaction and not Interaction.MultiTurn)
        {
            reading.Error("conversations-unfit", node.Line, field, $"Conversations belong to interaction multi-turn, and the interaction is {BriefKeys.WordOf(interaction)}. Change it, or remove conversations.");
        }
    }

    private static (GoalCheck? Check, string? Judge) ReadCheck(BriefMapping talk, BriefReading reading)
    {
        if (!talk.TryGet("check", out var node, out var field))
        {
            return (GoalCheck.Contains, null);
        }

        return reading.Text(node, field) is not { } text ? (null, null)
            : BriefJudge.IsMetric(text) ? (GoalCheck.Judge, text[BriefJudge.MetricPrefix.Length..])
            : (reading.Word<GoalCheck>(node, field, ["contains", "regex", "json", "judge:NAME"]) is { } check and not GoalCheck.Judge ? check : Nameless(node, field, text, reading), null);
    }

    private static GoalCheck? Nameless(YamlNode node, string field, string text, BriefReading reading)
    {
        if (text == BriefKeys.WordOf(GoalCheck.Judge))
        {
            reading.Error("unknown-value", node.Line, field, $"'{field}' does not say which judge. Write judge:NAME with one of the brief's judges.");
        }

        return null;
    }
}
