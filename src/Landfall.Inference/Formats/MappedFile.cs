using System.IO.MemoryMappedFiles;
using Landfall.Inference.Tensors;
using Microsoft.Win32.SafeHandles;

namespace Landfall.Inference.Formats;

/// <summary>
/// A file mapped into memory, read-only: the system pages it in as it is read, and no part of it is copied. It must not be
/// shortened while it is mapped.
/// </summary>
public sealed unsafe class MappedFile : TensorMemory
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly SafeMemoryMappedViewHandle _handle;

    private MappedFile(string path, long length, MemoryMappedFile file)
    {
        (Path, Length, _file) = (path, length, file);
        _view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _handle = _view.SafeMemoryMappedViewHandle;
        byte* data = null;
        _handle.AcquirePointer(ref data);
        Data = data + _view.PointerOffset;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Its length in bytes when it was opened.</summary>
    public long Length { get; }

    /// <summary>Its first byte.</summary>
    public byte* Data { get; }

    /// <summary>Maps a file.</summary>
    /// <exception cref="ModelFormatException">It is missing, empty, or not to be read.</exception>
    public static MappedFile Open(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
            if (stream.Length == 0)
            {
                throw new ModelFormatException(path, "the file is empty.");
            }

            var file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            return new MappedFile(path, stream.Length, file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException(path, $"the file cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Bytes of the file; the range must lie within it.</summary>
    public ReadOnlySpan<byte> Span(long offset, int length) =>
        offset >= 0 && length >= 0 && offset <= Length - length
            ? new ReadOnlySpan<byte>(Data + offset, length)
            : throw new ArgumentOutOfRangeException(nameof(offset), offset, $"{length} bytes there are beyond the file's {Length}.");

    /// <summary>Unmaps the file; tensors in it must not be read any more.</summary>
    public override void Dispose()
    {
        if (!_view.SafeMemoryMappedViewHandle.IsClosed)
        {
            _handle.ReleasePointer();
            _view.Dispose();
            _file.Dispose();
        }
    }
}
