using System.CommandLine;
using System.Globalization;

namespace Landfall.Commands.Endpoints;

/// <summary><c>landfall endpoints</c>: the language models that can be asked, and the calls of them.</summary>
internal static class EndpointCommands
{
    public static Command Create(CommandRunner runner) => new("endpoints", "Language models that can be asked, and what was asked")
    {
        List(runner),
        Check(runner),
        Calls(runner),
        Call(runner),
    };

    private static Command List(CommandRunner runner) => runner.Handle(new Command("list", "The endpoints that are set or found, the default first"), async (context, _, cancellation) =>
    {
        var session = await context.ConnectAsync(cancellation);
        await using (session)
        {
            var found = await session.Client.GetEndpointsAsync(cancellation);
            foreach (var problem in found.Problems)
            {
                context.Complain(problem);
            }

            if (context.Json)
            {
                context.WriteJson(found, json => json.EndpointList);
                return ExitCodes.Ok;
            }

            foreach (var endpoint in found.Endpoints)
            {
                context.Say($"{endpoint.Name}{(endpoint.IsDefault ? " (default)" : "")}: {endpoint.Model} at {endpoint.Address}, from {endpoint.Source}");
            }

            return ExitCodes.Ok;
        }
    });

    private static Command Check(CommandRunner runner)
    {
        var name = new Argument<string>("name") { Description = "The endpoint's name" };
        return runner.Handle(new Command("check", "Ask an endpoint one short question") { name }, async (context, arguments, cancellation) =>
        {
            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                var check = await session.Client.CheckEndpointAsync(arguments.GetRequiredValue(name), cancellation);
                if (context.Json)
                {
                    context.WriteJson(check, json => json.EndpointCheck);
                }

                if (!check.IsAnswering)
                {
                    context.Complain(check.Message);
                    return ExitCodes.ServerTrouble;
                }

                context.Say(string.Create(CultureInfo.InvariantCulture, $"It answers after {check.LatencyMs:0} ms, for ${check.CostUsd:0.######}: {check.Message}"));
                return ExitCodes.Ok;
            }
        });
    }

    private static Command Calls(CommandRunner runner)
    {
        var run = new Option<string?>("--run") { Description = "Only the calls of this run", HelpName = "id" };
        return runner.Handle(new Command("calls", "Calls of language models, newest first") { run }, async (context, arguments, cancellation) =>
        {
            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                var calls = await session.Client.GetCallsAsync(arguments.GetValue(run), offset: 0, limit: 100, cancellation);
                if (context.Json)
                {
                    context.WriteJson(calls, json => json.IReadOnlyListCallSummary);
                    return ExitCodes.Ok;
                }

                foreach (var call in calls)
                {
                    context.Say(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{call.Id}  {call.AskedAt:u}  {call.Endpoint}  {call.Purpose}  {call.State.ToString().ToLowerInvariant()}  {call.PromptTokens}+{call.CompletionTokens} tokens  ${call.CostUsd:0.######}  {call.LatencyMs:0} ms"));
                }

                return ExitCodes.Ok;
            }
        });
    }

    private static Command Call(CommandRunner runner)
    {
        var id = new Argument<string>("id") { Description = "The call's id" };
        return runner.Handle(new Command("call", "A call's exact request and answer") { id }, async (context, arguments, cancellation) =>
        {
            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                var call = await session.Client.GetCallAsync(arguments.GetRequiredValue(id), cancellation);
                if (context.Json)
                {
                    context.WriteJson(call, json => json.CallDetail);
                    return ExitCodes.Ok;
                }

                context.Say(call.Request);
                context.Say(call.Response ?? call.Call.Error ?? "No answer is known.");
                return ExitCodes.Ok;
            }
        });
    }
}
