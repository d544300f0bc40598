using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Landfall.Configuration;
using Landfall.Protocol;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Landfall.Commands;

/// <summary>One invocation of a command: whom it speaks to, and where it says what.</summary>
/// <remarks>With <c>--json</c> machines read standard output, so all that is for people goes to standard error.</remarks>
internal sealed class CommandContext(
    ICommandHost host, CommandConsole console, TimeProvider clock, SettingsReader settings, bool json, bool verbose)
{
    public ICommandHost Host => host;

    public CommandConsole Console => console;

    public TimeProvider Clock => clock;

    public SettingsReader Settings => settings;

    public bool Json => json;

    public bool Verbose => verbose;

    /// <summary>Tables and live displays for people.</summary>
    public IAnsiConsole People => json ? console.ErrorTerminal : console.OutTerminal;

    /// <summary>Whether people see a display that can redraw itself.</summary>
    public bool IsLive => People.Profile.Capabilities is { Interactive: true, Ansi: true };

    public Task<IServerSession> ConnectAsync(CancellationToken cancellation) => host.ConnectAsync(
        new ConnectOptions(settings.Place.DataFolder, settings.Find(Configuration.Settings.ApiKey), settings.Find(Configuration.Settings.Team)) { Place = settings.Place }, cancellation);

    /// <summary>A line for people; the terminal wraps it, so that a redirected line stays one line.</summary>
    public void Say(string line = "") => (json ? console.Error : console.Out).WriteLine(PlainText.Clean(line));

    /// <summary>A line on standard error.</summary>
    public void Complain(string line) => console.Error.WriteLine(PlainText.Clean(line));

    /// <summary>A table for people.</summary>
    public void Show(IRenderable renderable) => People.Write(renderable);

    /// <summary>The machine's answer: the only thing on standard output with <c>--json</c>.</summary>
    public void WriteJson<T>(T value, Func<LandfallJsonContext, JsonTypeInfo<T>> type) =>
        WriteMachine(JsonSerializer.Serialize(value, type(LandfallJsonContext.Indented)));

    /// <summary>A line of JSON, for streams.</summary>
    public void WriteJsonLine<T>(T value, JsonTypeInfo<T> type) => WriteMachine(JsonSerializer.Serialize(value, type));

    /// <summary>Text for machines as it is.</summary>
    public void WriteMachine(string text)
    {
        console.Machine.Write(text.EndsWith('\n') ? text : text + "\n");
        console.Machine.Flush();
    }
}
