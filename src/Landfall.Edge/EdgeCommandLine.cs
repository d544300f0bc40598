using Landfall.Inference;

namespace Landfall.Edge;

/// <summary>The commands. What people read goes to standard error, what they asked for to standard output.</summary>
internal static class EdgeCommandLine
{
    private const int Success = 0;
    private const int Failure = 1;
    private const int BadUsage = 2;
    private const int Interrupted = 130;

    private const string Usage = """
        usage: landfall-edge chat MODEL [options]   talk to a model in the terminal
               landfall-edge info MODEL             what a model's files say of it

        MODEL is a GGUF file or a Hugging Face folder.

          --prompt TEXT        answer this and end; without it, lines of standard input are answered until it ends
          --system TEXT        what the model is told first
          --max-tokens N       longest answer (512)
          --temperature X      0 for the likeliest answer (the model's own advice, else 0.7)
          --seed N             the same seed and prompt, the same answer
          --context N          longest conversation in tokens (what the model was made for, at most 8192)
          --threads N          threads that compute (one per processor)
        """;

    public static async Task<int> RunAsync(string[] args, TextReader input, TextWriter output, TextWriter error, Interrupt interrupt)
    {
        try
        {
            switch (args)
            {
                case ["info", var model]:
                    ModelInfo.Print(model, output);
                    return Success;
                case ["chat", var model, .. var options]:
                    return await TerminalChat.RunAsync(model, ChatOptions.Parse(options), input, output, error, interrupt).ConfigureAwait(false) ? Success : Interrupted;
                case [] or ["--help"] or ["-h"] or ["help"]:
                    await output.WriteLineAsync(Usage).ConfigureAwait(false);
                    return Success;
                default:
                    throw new UsageException($"'{string.Join(' ', args)}' is not a command.");
            }
        }
        catch (UsageException problem)
        {
            await error.WriteLineAsync($"{problem.Message}\n\n{Usage}").ConfigureAwait(false);
            return BadUsage;
        }
        catch (InferenceException problem)
        {
            await error.WriteLineAsync(problem.Message).ConfigureAwait(false);
            return Failure;
        }
    }
}

/// <summary>The command line does not say what can be done.</summary>
internal sealed class UsageException(string message) : Exception(message);
