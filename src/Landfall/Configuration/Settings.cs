using Landfall.Platform.Storage;

namespace Landfall.Configuration;

/// <summary>A setting: an option goes before the environment variable, that before the settings file, that before the default.</summary>
/// <param name="Key">Its name in the settings file; null: it cannot stand there.</param>
/// <param name="Environment">Its environment variable.</param>
/// <param name="Option">Its option, or null.</param>
/// <param name="Default">What holds when nobody says otherwise, in words.</param>
/// <param name="Meaning">What it is.</param>
public sealed record Setting(string? Key, string Environment, string? Option, string Default, string Meaning);

/// <summary>All settings. The page <c>docs/reference/configuration.md</c> lists them from here.</summary>
public static class Settings
{
    public const string FileName = "landfall.json";

    /// <summary>The value that leaves a number to the program.</summary>
    public const string Automatic = "auto";

    public static Setting File { get; } = new(null, "LANDFALL_CONFIG", "--config", "landfall.json in the data folder, where there is one", "The settings file");

    public static Setting Data { get; } = new("data", "LANDFALL_DATA", "--data", "~/.landfall", "The data folder");

    public static Setting Database { get; } = new(
        "database", "LANDFALL_DATABASE", "--database", DatabaseAddress.Sqlite,
        "The database: sqlite (a file in the data folder), postgres://user:password@host:port/database, or an Npgsql connection string");

    public static Setting DatabaseWait { get; } = new(
        "databaseWait", "LANDFALL_DATABASE_WAIT", Option: null, "2m", "How long a run waits for a database that has gone away, such as 90s or 10m; then it fails, and can be resumed");

    public static Setting Urls { get; } = new(
        "urls", "LANDFALL_URLS", "--urls", "http://127.0.0.1:5117", "Addresses that serve listens on, separated by semicolons");

    public static Setting ApiKey { get; } = new(
        Key: null, "LANDFALL_API_KEY", "--api-key", "the rights of the data folder's owner", "Work with an API key's rights");

    public static Setting Team { get; } = new(Key: null, "LANDFALL_TEAM", "--team", "the key's, or 'default'", "The team to work in");

    public static Setting ModelThreads { get; } = new("modelThreads", "LANDFALL_MODEL_THREADS", Option: null, Automatic, "Threads that a model computes with; auto: all cores");

    public static Setting ModelMemory { get; } = new(
        "modelMemory", "LANDFALL_MODEL_MEMORY", Option: null, Automatic, "What all loaded models may take together, such as 6GB; auto: three quarters of the memory. The least recently used one makes room");

    public static Setting ModelCount { get; } = new("modelCount", "LANDFALL_MODEL_COUNT", Option: null, "4", "Models that are loaded at the same time");

    public static Setting ModelContext { get; } = new(
        "modelContext", "LANDFALL_MODEL_CONTEXT", Option: null, "8192", "The longest prompt with its answer, in tokens; the model's own context where that is shorter");

    public static Setting ModelCache { get; } = new(
        "modelCache", "LANDFALL_MODEL_CACHE", Option: null, "1GB", "Memory for the keys and values of a model's requests; at least one whole context");

    public static Setting ModelAnswers { get; } = new("modelAnswers", "LANDFALL_MODEL_ANSWERS", Option: null, "16", "Answers that a model writes at the same time");

    public static Setting ModelQueue { get; } = new("modelQueue", "LANDFALL_MODEL_QUEUE", Option: null, "64", "Requests that may wait for a model; one more is refused (429)");

    public static IReadOnlyList<Setting> All { get; } =
    [
        File, Data, Database, DatabaseWait, Urls, ApiKey, Team, ModelThreads, ModelMemory, ModelCount, ModelContext, ModelCache, ModelAnswers, ModelQueue,
    ];
}
