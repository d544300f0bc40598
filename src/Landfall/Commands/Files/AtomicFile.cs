using System.Text;

namespace Landfall.Commands.Files;

/// <summary>Files that are either the old or the new, never half of one.</summary>
internal static class AtomicFile
{
    public static async Task WriteTextAsync(string path, string text, CancellationToken cancellation)
    {
        var temporary = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            await File.WriteAllTextAsync(temporary, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), cancellation);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
