using Landfall.Platform.Training;

namespace Landfall.Hosting;

/// <summary>Finds this program again, to start it as the worker.</summary>
internal static class WorkerProgram
{
    /// <summary>The folder of the base model that comes with the program.</summary>
    public static string DefaultBase => Path.Combine(AppContext.BaseDirectory, "models", "landfall-nano");

    /// <summary><c>landfall worker</c>: by its own executable, or by <c>dotnet landfall.dll</c> where another program hosts it.</summary>
    public static WorkerCommand Command(string? processPath, string folder)
    {
        if (processPath is not null && Path.GetFileNameWithoutExtension(processPath) == "landfall")
        {
            return new WorkerCommand(processPath, ["worker"]);
        }

        var dotnet = processPath is not null && Path.GetFileNameWithoutExtension(processPath) == "dotnet" ? processPath : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        return new WorkerCommand(dotnet, [Path.Combine(folder, "landfall.dll"), "worker"]);
    }
}
