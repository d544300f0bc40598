using System.CommandLine;
using System.Globalization;
using Landfall.Protocol;
using Landfall.Protocol.Datasets;

namespace Landfall.Commands.Datasets;

/// <summary><c>landfall dataset clean</c>: proposes changes, and with <c>--accept</c> makes a version with them.</summary>
internal static class CleanCommand
{
    private const int Shown = 12;

    public static Command Create(CommandRunner runner)
    {
        var name = new Argument<string>("name") { Description = "A dataset's name, or a version" };
        var steps = new Option<string[]>("--steps") { Description = "Only these steps: encoding, duplicates, contamination, pii, language, length, labels", HelpName = "names", AllowMultipleArgumentsPerToken = true };
        var against = new Option<string?>("--against") { Description = "The test data whose copies are contamination: a name, or a version", HelpName = "test" };
        var accept = new Option<string[]>("--accept") { Description = "Accept a step's changes, or 'all', and make the cleaned version", HelpName = "step|all", AllowMultipleArgumentsPerToken = true };
        var confidence = new Option<double>("--min-confidence") { Description = "With --accept: only changes of at least this confidence (default 0)", HelpName = "0..1" };
        confidence.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0 and <= 1))
            {
                result.AddError("--min-confidence is from 0 to 1.");
            }
        });
        var command = new Command("clean", "Propose changes to dirty rows; nothing changes until they are accepted") { name, steps, against, accept, confidence };
        return runner.Handle(command, async (context, arguments, cancellation) =>
        {
            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                var dataset = await DatasetNames.FindAsync(session.Client, arguments.GetRequiredValue(name), cancellation);
                var test = arguments.GetValue(against) is { } given ? await DatasetNames.FindAsync(session.Client, given, cancellation) : null;
                var request = new CleaningRequest { Dataset = dataset.Name, Version = dataset.Version, Steps = Words(arguments.GetValue(steps)), TestVersion = test?.Version };
                var accepted = await session.Client.CleanDatasetAsync(request, cancellation);
                var (proposal, exitCode) = await RunResults.OfAsync(context, session, accepted, LandfallJsonContext.Default.CleaningProposal, cancellation);
                if (proposal is null)
                {
                    return exitCode;
                }

                return Words(arguments.GetValue(accept)) is { Count: > 0 } chosen
                    ? await AcceptAsync(context, session.Client, proposal, chosen, arguments.GetValue(confidence), cancellation)
                    : await ShowAsync(context, session.Client, proposal, cancellation);
            }
        });
    }

    private static async Task<int> ShowAsync(CommandContext context, LandfallClient client, CleaningProposal proposal, CancellationToken cancellation)
    {
        var page = await client.GetCleaningChangesAsync(proposal.Id, limit: context.Json ? 500 : Shown, cancellation: cancellation);
        ShowSteps(context, proposal);
        var table = Tables.Create(context.People, ">row!", "step!", ">sure!", "what");
        foreach (var change in page.Changes)
        {
            table.Add((change.Row + 1).ToString(CultureInfo.InvariantCulture), change.Step, change.Confidence.ToString("0.00", CultureInfo.InvariantCulture), PlainText.Cell(Describe(change), 120));
        }

        if (page.Total > 0)
        {
            context.Show(table);
        }

        context.Say(page.Total == 0 ? "Nothing to change." : $"{page.Total} changes proposed; none is made. Review them in the console at /cleanings/{proposal.Id}, or accept them with --accept.");
        if (context.Json)
        {
            context.WriteJson(proposal, json => json.CleaningProposal);
        }

        return ExitCodes.Ok;
    }

    private static async Task<int> AcceptAsync(CommandContext context, LandfallClient client, CleaningProposal proposal, IReadOnlyList<string> steps, double minConfidence, CancellationToken cancellation)
    {
        foreach (var step in steps)
        {
            var decision = new CleaningDecision { Verdict = CleaningVerdict.Accepted, Step = step == "all" ? null : step, MinConfidence = minConfidence > 0 ? minConfidence : null };
            proposal = await client.DecideCleaningAsync(proposal.Id, decision, cancellation);
        }

        ShowSteps(context, proposal);
        if (proposal.Steps.Sum(s => s.Accepted) == 0)
        {
            context.Say("Nothing to change: no version was made.");
        }
        else
        {
            var made = await client.ApplyCleaningAsync(proposal.Id, cancellation);
            context.Say($"{made.Name}: {made.Rows} of {proposal.Rows} rows, version {made.Version}");
            proposal = proposal with { AppliedVersion = made.Version };
        }

        if (context.Json)
        {
            context.WriteJson(proposal, json => json.CleaningProposal);
        }

        return ExitCodes.Ok;
    }

    private static void ShowSteps(CommandContext context, CleaningProposal proposal)
    {
        var table = Tables.Create(context.People, "step!", ">changes!", ">accepted!", "note");
        foreach (var step in proposal.Steps)
        {
            table.Add(step.Step, Figures.Count(step.Changes), Figures.Count(step.Accepted), step.Note ?? "");
        }

        context.Show(table);
    }

    private static string Describe(CleaningChange change) => change.Action == CleaningAction.Drop
        ? $"drop \"{PlainText.Cell(change.Text, 60)}\": {change.Reason}"
        : $"{change.Field}: {PlainText.Cell(change.Before, 50)} -> {PlainText.Cell(change.After ?? "", 50)}: {change.Reason}";

    private static List<string> Words(string[]? given) => [.. (given ?? []).SelectMany(g => g.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
}
