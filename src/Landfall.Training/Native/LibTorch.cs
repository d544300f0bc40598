using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Landfall.Protocol.Errors;
using TorchSharp;

namespace Landfall.Training.Native;

/// <summary>
/// Loads libtorch. TorchSharp's library asks for a newer libstdc++ (<c>GLIBCXX_3.4.32</c>, of GCC 13) than Debian 12 and
/// Ubuntu 22.04 have, for the sake of one marker that is never called. There a copy that asks weakly is loaded instead.
/// </summary>
public static class LibTorch
{
    private const string Version = "GLIBCXX_3.4.32";
    private const string Marker = "_ZSt21ios_base_library_initv";
    private const string Wrapper = "libLibTorchSharp.so";

    /// <summary>In the order in which they need each other; those for GPUs only come with their package.</summary>
    private static readonly string[] Needed = ["libc10.so", "libtorch_cpu.so", "libc10_cuda.so", "libtorch_cuda.so", "libtorch.so"];

    private static readonly Lazy<TrainingException?> Loaded = new(TryLoad);

    /// <summary>Loads the native libraries, once; before the first call of TorchSharp.</summary>
    /// <exception cref="TrainingException">They are not there, or do not load.</exception>
    public static void Load()
    {
        if (Loaded.Value is { } problem)
        {
            throw new TrainingException(problem.Code, problem.Message, problem);
        }
    }

    private static TrainingException? TryLoad()
    {
        try
        {
            var folders = NativeFolders();
            if (OperatingSystem.IsLinux() && FindFile(folders, Wrapper) is { } wrapper && !HasMarker())
            {
                Prepare(folders, wrapper, CacheFolder());
            }

            _ = torch.get_num_threads();
            return null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            var cause = exception is TypeInitializationException { InnerException: { } inner } ? inner : exception;
            return new TrainingException(
                ErrorCodes.TrainingUnavailable,
                $"libtorch, which training runs on, is not there or does not load on {RuntimeInformation.RuntimeIdentifier}: {cause.Message.Trim()} Builds with '-p:LibTorch=none' leave it out; a package of Landfall for Linux x64, Windows or macOS on ARM has it.",
                exception);
        }
    }

    /// <summary>Puts a copy that asks weakly into the cache, and loads it after what it needs.</summary>
    /// <param name="folders">Where native libraries are.</param>
    /// <param name="wrapper">TorchSharp's library.</param>
    /// <param name="cache">The folder of copies.</param>
    private static void Prepare(IReadOnlyList<string> folders, string wrapper, string cache)
    {
        var copy = WeakCopy(wrapper, cache);
        foreach (var name in Needed)
        {
            if (FindFile(folders, name) is { } file)
            {
                NativeLibrary.Load(file);
            }
        }

        // TorchSharp's own loader asks for it by its name, under which the system's loader has it now.
        NativeLibrary.Load(copy);
    }

    /// <summary>A copy of a library that asks weakly for the version; it is there whole or not at all.</summary>
    /// <param name="library">The library.</param>
    /// <param name="cache">The folder of copies; it is made.</param>
    /// <returns>The copy, in a folder named by the library's content.</returns>
    internal static string WeakCopy(string library, string cache)
    {
        var bytes = File.ReadAllBytes(library);
        var folder = Path.Combine(cache, Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]);
        var copy = Path.Combine(folder, Path.GetFileName(library));
        try
        {
            ElfVersions.Weaken(bytes, Version);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{library}: {exception.Message}", exception);
        }

        // One that was damaged in the meantime is written again.
        if (File.Exists(copy) && File.ReadAllBytes(copy).AsSpan().SequenceEqual(bytes))
        {
            return copy;
        }

        Directory.CreateDirectory(folder);
        var temporary = $"{copy}.{Path.GetRandomFileName()}";
        try
        {
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, copy, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        return copy;
    }

    private static bool HasMarker() => NativeLibrary.TryLoad("libstdc++.so.6", out var library) && NativeLibrary.TryGetExport(library, Marker, out _);

    private static string CacheFolder()
    {
        var root = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return root.Length > 0 ? Path.Combine(root, "landfall", "native") : Path.Combine(Path.GetTempPath(), $"landfall-native-{Environment.UserName}");
    }

    private static List<string> NativeFolders()
    {
        var searched = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? string.Empty;
        return [.. searched.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries), AppContext.BaseDirectory];
    }

    private static string? FindFile(IReadOnlyList<string> folders, string name) => folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
