using Spectre.Console;

namespace Landfall.Commands.Access;

/// <summary>Gets a password without showing it: from a person, twice; from another program, as the first line of standard input.</summary>
internal static class PasswordPrompt
{
    /// <exception cref="CommandException">There is none, or the two differ.</exception>
    public static async Task<string> AskAsync(CommandConsole console, string user, CancellationToken cancellation)
    {
        if (!console.CanAsk)
        {
            return await console.In.ReadLineAsync(cancellation) is { Length: > 0 } line
                ? line
                : throw new CommandException(ExitCodes.Usage, "There is no password: write it to standard input, as in `landfall users add anna < password.txt`.");
        }

        var first = await SecretAsync(console, $"Password for {user}:", cancellation);
        return first == await SecretAsync(console, "Once more:", cancellation)
            ? first
            : throw new CommandException(ExitCodes.Usage, "The two passwords differ. Nothing was changed.");
    }

    private static Task<string> SecretAsync(CommandConsole console, string question, CancellationToken cancellation) =>
        new TextPrompt<string>(Markup.Escape(question)).Secret(mask: null).ShowAsync(console.ErrorTerminal, cancellation);
}
