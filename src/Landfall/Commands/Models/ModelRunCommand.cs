using System.CommandLine;
using System.Globalization;
using System.Text;
using Landfall.Protocol;
using Landfall.Protocol.Models;

namespace Landfall.Commands.Models;

/// <summary><c>landfall model run</c>: a chat in the terminal, or one answer.</summary>
internal static class ModelRunCommand
{
    public static Command Create(CommandRunner runner)
    {
        var name = ModelCommands.Name();
        var prompt = new Option<string?>("--prompt") { Description = "Ask this, print the answer and end; - reads it from standard input", HelpName = "text" };
        var system = new Option<string?>("--system") { Description = "What the model is told first", HelpName = "text" };
        var temperature = new Option<double?>("--temperature") { Description = "0: the likeliest token each time (default: 0.7)", HelpName = "0..2" };
        var topP = new Option<double?>("--top-p") { Description = "Only the likeliest tokens that have this share together", HelpName = "0..1" };
        var tokens = new Option<int?>("--max-tokens") { Description = "Tokens of an answer at most", HelpName = "count" };
        var seed = new Option<long?>("--seed") { Description = "The same seed makes the same answer", HelpName = "number" };
        return runner.Handle(new Command("run", "Chat with a model in the terminal") { name, prompt, system, temperature, topP, tokens, seed }, async (context, arguments, cancellation) =>
        {
            if (context.Json && arguments.GetValue(prompt) is null)
            {
                throw new CommandException(ExitCodes.Usage, "With --json there is no chat: give the question with --prompt.");
            }

            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                var detail = await session.Client.GetModelAsync(arguments.GetRequiredValue(name), cancellation);
                var request = new ModelChatRequest
                {
                    Model = detail.Model.Name,
                    Messages = arguments.GetValue(system) is { } told ? [new ModelChatMessage("system", told)] : [],
                    Temperature = arguments.GetValue(temperature) ?? 0.7,
                    TopP = arguments.GetValue(topP),
                    MaxTokens = arguments.GetValue(tokens),
                    Seed = arguments.GetValue(seed),
                };
                if (!detail.Memory.IsLoaded)
                {
                    context.Complain($"{ModelCommands.Describe(detail.Model)}; it takes up to {Figures.Bytes(detail.Memory.TotalBytes)} of memory (models may take {Figures.Bytes(detail.Memory.LimitBytes)}).");
                }

                var chat = new TerminalChat(context, session.Client, request);
                return arguments.GetValue(prompt) is { } asked
                    ? await chat.AskOnceAsync(asked == "-" ? await context.Console.In.ReadToEndAsync(cancellation) : asked, cancellation)
                    : await chat.TalkAsync(cancellation);
            }
        });
    }
}

/// <summary>A chat in the terminal: what was said is sent along each time, so that the model knows it.</summary>
internal sealed class TerminalChat(CommandContext context, LandfallClient client, ModelChatRequest start)
{
    private readonly List<ModelChatMessage> _said = [.. start.Messages];

    /// <summary>One answer; on standard output nothing else.</summary>
    public async Task<int> AskOnceAsync(string text, CancellationToken cancellation)
    {
        _said.Add(new ModelChatMessage("user", text));
        var answer = await AnswerAsync(isQuiet: context.Json, cancellation);
        if (context.Json)
        {
            context.WriteJson(new ModelAnswer(start.Model, answer.Text, answer.FinishReason, answer.Usage?.PromptTokens, answer.Usage?.CompletionTokens, answer.Times), json => json.ModelAnswer);
        }

        return ExitCodes.Ok;
    }

    /// <summary>Questions from the terminal until <c>/exit</c> or the end of the input.</summary>
    public async Task<int> TalkAsync(CancellationToken cancellation)
    {
        if (context.Console.CanAsk)
        {
            context.Say("A line ending in \\ goes on. /clear forgets what was said, /exit ends, Ctrl-C stops an answer.");
        }

        while (await ReadAsync(cancellation) is { } text)
        {
            switch (text.Trim())
            {
                case "":
                    break;
                case "/exit" or "/quit":
                    return ExitCodes.Ok;
                case "/clear":
                    _said.Clear();
                    _said.AddRange(start.Messages);
                    context.Say("Forgotten.");
                    break;
                default:
                    await TurnAsync(text, cancellation);
                    break;
            }
        }

        return ExitCodes.Ok;
    }

    /// <summary>One question and its answer. An interrupt stops the answer alone; what came of it stays said.</summary>
    private async Task TurnAsync(string text, CancellationToken cancellation)
    {
        _said.Add(new ModelChatMessage("user", text));
        using var interrupt = context.Console.Interrupts(cancellation);
        var answer = new StringBuilder();
        try
        {
            var whole = await AnswerAsync(isQuiet: false, interrupt.Token, answer);
            _said.Add(new ModelChatMessage("assistant", whole.Text));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            context.Say();
            context.Complain("(stopped)");
            _said.Add(new ModelChatMessage("assistant", answer.ToString()));
        }
        catch (Protocol.Errors.LandfallApiException error)
        {
            // The chat goes on: the question may be asked otherwise.
            context.Complain($"error: {error.Message}");
            _said.RemoveAt(_said.Count - 1);
        }
    }

    private async Task<string?> ReadAsync(CancellationToken cancellation)
    {
        var text = new StringBuilder();
        while (true)
        {
            if (context.Console.CanAsk)
            {
                await context.Console.Out.WriteAsync(text.Length == 0 ? "> " : ". ");
                await context.Console.Out.FlushAsync(cancellation);
            }

            // A terminal's reading cannot be cancelled: on Ctrl-C it is left behind.
            if (await Task.Run(context.Console.In.ReadLine, cancellation).WaitAsync(cancellation) is not { } line)
            {
                return text.Length == 0 ? null : text.ToString();
            }

            if (!line.EndsWith('\\'))
            {
                return text.Append(line).ToString();
            }

            text.Append(line.AsSpan(0, line.Length - 1)).Append('\n');
        }
    }

    private async Task<Answered> AnswerAsync(bool isQuiet, CancellationToken cancellation, StringBuilder? text = null)
    {
        text ??= new StringBuilder();
        var output = context.Console.Out;
        ModelChatUsage? usage = null;
        ModelChatTimes? times = null;
        string? finish = null;
        await foreach (var chunk in client.ChatAsync(start with { Messages = [.. _said] }, cancellation))
        {
            (usage, times, finish) = (chunk.Usage ?? usage, chunk.Landfall ?? times, chunk.FinishReason ?? finish);
            text.Append(chunk.Text);
            if (!isQuiet && chunk.Text.Length > 0)
            {
                await output.WriteAsync(PlainText.Clean(chunk.Text));
                await output.FlushAsync(cancellation);
            }
        }

        if (!isQuiet)
        {
            await output.WriteLineAsync();
        }

        if (times is not null)
        {
            // On standard error: standard output has the answer alone.
            context.Complain(string.Create(
                CultureInfo.InvariantCulture,
                $"({usage?.CompletionTokens} tokens, {times.TokensPerSecond:0.0} tokens/s, first token after {times.FirstTokenSeconds:0.00} s of {usage?.PromptTokens} prompt tokens{(finish == "length" ? "; cut at the limit of tokens" : "")})"));
        }

        return new Answered(text.ToString(), finish, usage, times);
    }

    private sealed record Answered(string Text, string? FinishReason, ModelChatUsage? Usage, ModelChatTimes? Times);
}
