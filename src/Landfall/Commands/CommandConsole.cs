using System.Text;
using Spectre.Console;
using Terminal = System.Console;

namespace Landfall.Commands;

/// <summary>Where commands read and write: standard input, output and error, or what a test puts in their place.</summary>
public sealed class CommandConsole
{
    /// <summary>Width of tables that do not go to a terminal.</summary>
    public const int RedirectedWidth = 80;

    private readonly Lazy<IAnsiConsole> _output;
    private readonly Lazy<IAnsiConsole> _error;
    private CancellationTokenSource? _interruptible;

    /// <summary>A console over writers that are not a terminal, or that pretend to be one.</summary>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="input">Standard input.</param>
    /// <param name="interactive">Whether to draw as on a terminal and to ask questions.</param>
    /// <param name="width">Columns of the terminal.</param>
    public CommandConsole(TextWriter output, TextWriter error, TextReader input, bool interactive = false, int width = RedirectedWidth)
        : this(output, output, error, input, interactive, () => Create(output, interactive, width), () => Create(error, interactive, width))
    {
    }

    private CommandConsole(
        TextWriter output, TextWriter machine, TextWriter error, TextReader input, bool asks, Func<IAnsiConsole> outputTerminal, Func<IAnsiConsole> errorTerminal)
    {
        Out = output;
        Machine = machine;
        Error = error;
        In = input;
        CanAsk = asks;
        _output = new(outputTerminal);
        _error = new(errorTerminal);
    }

    /// <summary>Standard output, for people.</summary>
    public TextWriter Out { get; }

    /// <summary>Standard output, for machines: UTF-8 whatever the locale.</summary>
    public TextWriter Machine { get; }

    /// <summary>Standard error.</summary>
    public TextWriter Error { get; }

    /// <summary>Standard input.</summary>
    public TextReader In { get; }

    /// <summary>Whether a person is there to answer questions.</summary>
    public bool CanAsk { get; }

    /// <summary>Tables and live displays on standard output.</summary>
    public IAnsiConsole OutTerminal => _output.Value;

    /// <summary>Tables and live displays on standard error.</summary>
    public IAnsiConsole ErrorTerminal => _error.Value;

    /// <summary>Work that Ctrl-C ends in place of the command, until the result is disposed of.</summary>
    public CancellationTokenSource Interrupts(CancellationToken cancellation) =>
        _interruptible = CancellationTokenSource.CreateLinkedTokenSource(cancellation);

    /// <summary>Ends such work; false where there is none.</summary>
    public bool TryInterrupt()
    {
        try
        {
            if (Interlocked.Exchange(ref _interruptible, null) is not { IsCancellationRequested: false } work)
            {
                return false;
            }

            work.Cancel();
            return true;
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
            return false;
        }
    }

    /// <summary>The console of this process.</summary>
    public static CommandConsole OfProcess()
    {
        var machine = new StreamWriter(Terminal.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
        return new CommandConsole(
            Terminal.Out,
            machine,
            Terminal.Error,
            Terminal.In,
            asks: !Terminal.IsInputRedirected && !Terminal.IsOutputRedirected,
            () => Terminal.IsOutputRedirected ? Create(Terminal.Out, interactive: false, RedirectedWidth) : Detect(Terminal.Out),
            () => Terminal.IsErrorRedirected ? Create(Terminal.Error, interactive: false, RedirectedWidth) : Detect(Terminal.Error));
    }

    private static IAnsiConsole Detect(TextWriter writer) => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });

    private static IAnsiConsole Create(TextWriter writer, bool interactive, int width)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = interactive ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = interactive ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = interactive ? InteractionSupport.Yes : InteractionSupport.No,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        console.Profile.Width = width;
        console.Profile.Height = 24;
        console.Profile.Capabilities.Unicode = writer.Encoding.CodePage is 65001 or 1200;
        return console;
    }
}
