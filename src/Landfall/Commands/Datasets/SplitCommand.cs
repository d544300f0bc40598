using System.CommandLine;
using System.Globalization;
using Landfall.Protocol;
using Landfall.Protocol.Datasets;

namespace Landfall.Commands.Datasets;

/// <summary><c>landfall dataset split</c>: train, validation and test without torn groups.</summary>
internal static class SplitCommand
{
    public static Command Create(CommandRunner runner)
    {
        var name = new Argument<string>("name") { Description = "A dataset's name, or a version" };
        var test = new Option<string>("--test") { Description = "Share of the rows for test, such as 20% or 0.2", HelpName = "share", DefaultValueFactory = _ => "20%" };
        var validation = new Option<string>("--validation") { Description = "Share of the rows for validation (default 0)", HelpName = "share", DefaultValueFactory = _ => "0" };
        var group = new Option<string?>("--group") { Description = "The field whose value names a unit that is not torn (default: group)", HelpName = "field" };
        var stratify = new Option<bool>("--stratify") { Description = "Keep each label's share in every part" };
        var time = new Option<string?>("--time") { Description = "The field with a row's time: the newest rows are test rows", HelpName = "field" };
        var seed = new Option<int>("--seed") { Description = "Another seed gives another split (default 0)", HelpName = "number" };
        var command = new Command("split", "Divide a dataset into train, validation and test; groups and near duplicates stay together") { name, test, validation, group, stratify, time, seed };
        return runner.Handle(command, async (context, arguments, cancellation) =>
        {
            var (testShare, validationShare) = (Share("--test", arguments.GetRequiredValue(test)), Share("--validation", arguments.GetRequiredValue(validation)));
            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                var dataset = await DatasetNames.FindAsync(session.Client, arguments.GetRequiredValue(name), cancellation);
                var request = new SplitRequest
                {
                    Dataset = dataset.Name,
                    Version = dataset.Version,
                    Test = testShare,
                    Validation = validationShare,
                    Group = arguments.GetValue(group),
                    Stratify = arguments.GetValue(stratify),
                    Time = arguments.GetValue(time),
                    Seed = arguments.GetValue(seed),
                };
                var accepted = await session.Client.SplitDatasetAsync(request, cancellation);
                var (result, exitCode) = await RunResults.OfAsync(context, session, accepted, LandfallJsonContext.Default.SplitResult, cancellation);
                if (result is null)
                {
                    return exitCode;
                }

                foreach (var part in result.Parts)
                {
                    context.Say($"{part.Name}: {part.Rows} rows, version {part.Version}");
                }

                foreach (var note in result.Notes)
                {
                    context.Say(note);
                }

                if (context.Json)
                {
                    context.WriteJson(result, json => json.SplitResult);
                }

                return ExitCodes.Ok;
            }
        });
    }

    private static double Share(string option, string text)
    {
        var isPercent = text.EndsWith('%');
        return double.TryParse(text.TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && (isPercent ? number / 100 : number) is >= 0 and < 1 and var share
            ? share
            : throw new CommandException(ExitCodes.Usage, $"{option} is '{text}'; it is a share of the rows below 1, such as 20% or 0.2.");
    }
}
