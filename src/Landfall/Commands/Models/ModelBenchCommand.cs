using System.CommandLine;
using System.Globalization;
using Landfall.Protocol.Models;

namespace Landfall.Commands.Models;

/// <summary><c>landfall model bench</c>: how fast a model is on the server's machine.</summary>
internal static class ModelBenchCommand
{
    public static Command Create(CommandRunner runner)
    {
        var standard = new BenchModelRequest();
        var name = ModelCommands.Name();
        var prompt = new Option<int>("--prompt-tokens") { Description = $"Tokens of each prompt (default: {standard.PromptTokens})", HelpName = "count", DefaultValueFactory = _ => standard.PromptTokens };
        var answer = new Option<int>("--answer-tokens") { Description = $"Tokens of each answer (default: {standard.AnswerTokens})", HelpName = "count", DefaultValueFactory = _ => standard.AnswerTokens };
        var repeats = new Option<int>("--repeats") { Description = $"Answers, of which the median counts (default: {standard.Repeats})", HelpName = "count", DefaultValueFactory = _ => standard.Repeats };
        return runner.Handle(new Command("bench", "Measure a model: tokens read and written per second, memory") { name, prompt, answer, repeats }, async (context, arguments, cancellation) =>
        {
            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                var request = new BenchModelRequest { PromptTokens = arguments.GetValue(prompt), AnswerTokens = arguments.GetValue(answer), Repeats = arguments.GetValue(repeats) };
                var bench = await session.Client.BenchModelAsync(arguments.GetRequiredValue(name), request, cancellation);
                if (context.Json)
                {
                    context.WriteJson(bench, json => json.ModelBench);
                    return ExitCodes.Ok;
                }

                context.Say(string.Create(CultureInfo.InvariantCulture, $"{bench.Model}, {bench.Threads} threads, median of {bench.Timings.Count}:"));
                context.Say(string.Create(CultureInfo.InvariantCulture, $"prompt: {bench.PromptRate:0.0} tokens/s ({request.PromptTokens} tokens, first token after {bench.FirstTokenSeconds:0.000} s)"));
                context.Say(string.Create(CultureInfo.InvariantCulture, $"answer: {bench.AnswerRate:0.0} tokens/s ({request.AnswerTokens} tokens)"));
                context.Say($"memory: weights {Figures.Bytes(bench.Memory.WeightBytes)}, context up to {Figures.Bytes(bench.Memory.ContextBytes)}; the server's process has taken {Figures.Bytes(bench.ProcessBytes)} at most");
                return ExitCodes.Ok;
            }
        });
    }
}
