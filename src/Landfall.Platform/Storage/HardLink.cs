using System.Runtime.InteropServices;

namespace Landfall.Platform.Storage;

/// <summary>Gives a file a second name, so that large content need not be copied within the data folder.</summary>
internal static partial class HardLink
{
    /// <summary>Makes <paramref name="link"/> another name of <paramref name="target"/>; where the file system has no hard links, a symbolic one.</summary>
    public static void Create(string target, string link)
    {
        var made = OperatingSystem.IsWindows() ? CreateHardLink(link, target, 0) : Link(target, link) == 0;
        if (!made)
        {
            File.CreateSymbolicLink(link, Path.GetFullPath(target));
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string target, string link);

    [LibraryImport("kernel32", EntryPoint = "CreateHardLinkW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateHardLink(string link, string target, nint security);
}
