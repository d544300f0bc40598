using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Landfall.Protocol.Briefs;

namespace Landfall.Commands.Briefs;

/// <summary>Asks for a brief: what the app is for, what it answers, and what would count as done.</summary>
internal sealed partial class BriefQuestions(CommandContext context, IReadOnlyList<BriefTemplate> templates)
{
    /// <param name="folderName">Gives the app its default name.</param>
    /// <param name="cancellation">Ends the questions; nothing is written.</param>
    /// <returns>The brief's text.</returns>
    public async Task<string> AskAsync(string folderName, CancellationToken cancellation)
    {
        context.Say("A brief says what the app is for and what would count as done. Enter takes the answer in brackets.");
        var app = await AskAsync("Name of the app", AppName(folderName), IsAppName, "Lower-case letters, digits and dashes, please.", cancellation);
        var scenario = await AskAsync("Who writes what, and what should the app do with it? (one sentence)", "", text => text.Length > 0, "One sentence, please.", cancellation);
        var names = templates.Select(t => t.Name).ToList();
        foreach (var template in templates)
        {
            context.Say($"  {template.Name}: {template.Description}");
        }

        var kind = names.Count == 0
            ? "label"
            : await AskAsync($"What does it answer with? ({string.Join(", ", names)})", names.Contains("label") ? "label" : names[0], names.Contains, "One of the names, please.", cancellation);
        if (kind is not ("label" or "text"))
        {
            var text = templates.First(t => t.Name == kind).Text;
            return SetTopLevel(SetTopLevel(text, "app", app), "scenario", Quote(scenario));
        }

        var train = await AskAsync("Rows to learn from", "data/train.jsonl", IsPath, "A path inside the app's folder, please.", cancellation);
        var test = await AskAsync("Rows to measure on, which it never learns from", "data/test.jsonl", text => IsPath(text) && text != train, "Another path inside the app's folder, please.", cancellation);
        var targets = await AskTargetsAsync(kind == "label" ? "accuracy >= 0.90" : "token-f1 >= 0.70", cancellation);
        return $$"""
            app: {{app}}
            scenario: {{Quote(scenario)}}
            interaction: single-turn
            output:
              kind: {{kind}}
            data:
              train: {{Quote(train)}}
              test: {{Quote(test)}}
            targets:
            {{string.Join('\n', targets)}}
            techniques: auto

            """.ReplaceLineEndings("\n");
    }

    private async Task<List<string>> AskTargetsAsync(string first, CancellationToken cancellation)
    {
        var targets = new List<string>();
        while (true)
        {
            var question = targets.Count == 0 ? "Target: a metric and its bound" : "Another target? (Enter: no)";
            var answer = await AskAsync(
                question, targets.Count == 0 ? first : "", text => (text.Length == 0 && targets.Count > 0) || TargetForm().IsMatch(text), "Write it as: accuracy >= 0.90", cancellation);
            if (answer.Length == 0)
            {
                return targets;
            }

            var match = TargetForm().Match(answer);
            var side = match.Groups["side"].ValueSpan is ">=" ? "at-least" : "at-most";
            targets.Add($"  - {{ metric: {match.Groups["metric"].Value}, {side}: {match.Groups["bound"].Value}, confidence: 0.95 }}");
        }
    }

    private async Task<string> AskAsync(string question, string standard, Func<string, bool> isValid, string remedy, CancellationToken cancellation)
    {
        while (true)
        {
            context.Console.Out.Write(standard.Length == 0 ? $"{question}: " : $"{question} [{standard}]: ");
            context.Console.Out.Flush();
            // A terminal's ReadLine knows no cancellation: Ctrl-C leaves the read behind.
            var line = await Task.Run(context.Console.In.ReadLine, cancellation).WaitAsync(cancellation)
                ?? throw new CommandException(ExitCodes.Usage, "The answers ended before the questions. Nothing was written.");
            var answer = line.Trim().Length == 0 ? standard : line.Trim();
            if (isValid(answer))
            {
                return answer;
            }

            context.Say(remedy);
        }
    }

    /// <summary>Gives a top-level key of a template another value; the rest keeps its form and its comments.</summary>
    internal static string SetTopLevel(string yaml, string key, string value)
    {
        var lines = yaml.ReplaceLineEndings("\n").Split('\n').ToList();
        var at = lines.FindIndex(line => line.StartsWith(key + ":", StringComparison.Ordinal));
        if (at < 0)
        {
            return $"{key}: {value}\n{yaml}";
        }

        lines[at] = $"{key}: {value}";
        var next = at + 1;
        while (next < lines.Count && lines[next].StartsWith(' '))
        {
            lines.RemoveAt(next);
        }

        return string.Join('\n', lines);
    }

    /// <summary>A double-quoted YAML scalar (YAML 1.2, 7.3.1).</summary>
    internal static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' or '\ufeff' => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }

    private static string AppName(string folder)
    {
        var name = string.Concat(folder.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
        return IsAppName(name) ? name : "my-app";
    }

    private static bool IsAppName(string text) => AppNameForm().IsMatch(text);

    private static bool IsPath(string text) => text.Length > 0 && !Path.IsPathRooted(text) && !text.Split('/', '\\').Contains("..");

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AppNameForm();

    [GeneratedRegex(@"^(?<metric>[a-z0-9-]{1,64})\s{0,9}(?<side>>=|<=)\s{0,9}(?<bound>\d{1,12}(\.\d{1,12})?)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TargetForm();
}
