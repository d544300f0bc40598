using System.Globalization;
using Landfall.Commands;
using Landfall.Platform.Briefs;

namespace Landfall.Configuration;

/// <summary>The settings of one command: options, environment variables, and the settings file.</summary>
internal sealed class SettingsReader
{
    private readonly IReadOnlyDictionary<Setting, string?> _options;
    private readonly Func<string, string?> _environment;
    private readonly IReadOnlyDictionary<string, string> _file;

    private SettingsReader(IReadOnlyDictionary<Setting, string?> options, Func<string, string?> environment, IReadOnlyDictionary<string, string> file, string dataFolder)
    {
        (_options, _environment, _file) = (options, environment, file);
        Place = new ServerPlace(dataFolder, Get(Settings.Database), Duration(Settings.DatabaseWait)) { Models = ReadModels() };
    }

    public ServerPlace Place { get; }

    /// <summary>Reads the settings file, if there is one, and where the server keeps its data.</summary>
    /// <param name="options">What the command line gives; null: nothing.</param>
    /// <param name="environment">The environment's variables by name.</param>
    /// <exception cref="CommandException">The settings are wrong; the message says which.</exception>
    public static SettingsReader Read(IReadOnlyDictionary<Setting, string?> options, Func<string, string?> environment)
    {
        var named = Given(Settings.File, options, environment);
        var file = named is null ? new Dictionary<string, string>(StringComparer.Ordinal) : SettingsFile.Read(Path.GetFullPath(named));
        var folder = DataFolder(Given(Settings.Data, options, environment) ?? file.GetValueOrDefault(Settings.Data.Key!));
        var own = Path.Combine(folder, Settings.FileName);
        return new SettingsReader(options, environment, named is null && File.Exists(own) ? SettingsFile.Read(own) : file, folder);
    }

    /// <summary>The setting's value.</summary>
    /// <param name="setting">Which.</param>
    /// <param name="option">What the command's own option gives.</param>
    public string Get(Setting setting, string? option = null) =>
        NotEmpty(option) ?? Given(setting, _options, _environment) ?? (setting.Key is { } key ? NotEmpty(_file.GetValueOrDefault(key)) : null) ?? setting.Default;

    /// <summary>The setting's value, or null where nobody gives one.</summary>
    public string? Find(Setting setting) => Given(setting, _options, _environment)?.Trim();

    private ModelLimits ReadModels() => new()
    {
        Threads = (int?)Number(Settings.ModelThreads, 1024),
        MemoryBytes = Bytes(Settings.ModelMemory),
        Count = (int?)Number(Settings.ModelCount, 1000),
        ContextLength = (int?)Number(Settings.ModelContext, 10_000_000),
        CacheBytes = Bytes(Settings.ModelCache),
        Answers = (int?)Number(Settings.ModelAnswers, 256),
        Queue = (int?)Number(Settings.ModelQueue, 100_000),
    };

    /// <summary>A number from 1 on; null: the program's own.</summary>
    private long? Number(Setting setting, long most) => Get(setting) is not (Settings.Automatic) and var text
        ? long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
            ? number
            : throw new CommandException(ExitCodes.Usage, $"{setting.Environment} is '{text}', which is no number from 1 to {most}.")
        : null;

    private long? Bytes(Setting setting) => Get(setting) is not (Settings.Automatic) and var text
        ? SizeText.TryParse(text, out var bytes) ? bytes : throw new CommandException(ExitCodes.Usage, $"{setting.Environment} is '{text}', which is no size. Write it such as 512MB or 6GB.")
        : null;

    private TimeSpan Duration(Setting setting) => DurationText.TryParse(Get(setting), out var duration)
        ? duration
        : throw new CommandException(ExitCodes.Usage, $"{setting.Environment} is '{Get(setting)}', which is no time. Write it such as 90s, 10m or 1h30m.");

    private static string? Given(Setting setting, IReadOnlyDictionary<Setting, string?> options, Func<string, string?> environment) =>
        NotEmpty(options.GetValueOrDefault(setting)) ?? NotEmpty(environment(setting.Environment));

    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static string DataFolder(string? given)
    {
        if (NotEmpty(given) is { } folder)
        {
            return Path.GetFullPath(folder);
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length > 0
            ? Path.Combine(home, ".landfall")
            : throw new CommandException(ExitCodes.Usage, "There is no home folder to keep data in: give --data <folder> or set LANDFALL_DATA.");
    }
}
