using System.Text;
using System.Text.Unicode;

namespace Landfall.Platform.Datasets.Reading;

/// <summary>Cuts a file into rows.</summary>
internal abstract class RecordParser
{
    /// <summary>Known after the header or the first row.</summary>
    public FieldRoles? Roles { get; protected set; }

    /// <summary>The well-known shape of the rows, if they have one; known after the first row.</summary>
    public virtual string? Shape => null;

    /// <summary>Records that hold no row and were passed over.</summary>
    public virtual long Skipped => 0;

    /// <summary>
    /// Takes the next row out of the window. False: the window holds no whole row, or, when it has ended, none at all.
    /// </summary>
    /// <exception cref="DataFormatException">The bytes cannot be read as a row.</exception>
    public abstract bool TryRead(ByteWindow window, RawRow row);

    /// <summary>Refuses what is not text. The bytes begin on the window's line.</summary>
    protected static void CheckText(ByteWindow window, ReadOnlySpan<byte> bytes)
    {
        var nul = bytes.IndexOf((byte)0);
        if (nul >= 0)
        {
            throw At(window, bytes, nul, "a NUL byte: this is not a text file, or was damaged. Export the rows as UTF-8 text.");
        }

        if (!Utf8.IsValid(bytes))
        {
            var bad = FirstInvalid(bytes);
            throw At(window, bytes, bad, $"invalid UTF-8 (byte 0x{bytes[bad]:X2}): the file has another encoding or is damaged. Save it as UTF-8.");
        }
    }

    /// <summary>The beginning of bytes that are quoted in a message.</summary>
    protected static string Quoted(ReadOnlySpan<byte> bytes) =>
        $"'{FieldRoles.Shortened(Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 160)]))}'";

    private static DataFormatException At(ByteWindow window, ReadOnlySpan<byte> bytes, int index, string problem)
    {
        var before = bytes[..index];
        var column = index - (before.LastIndexOf((byte)'\n') + 1);
        return new DataFormatException(window.File, window.Line + before.Count((byte)'\n'), $"byte {column + 1}: {problem}");
    }

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(bytes[at..], out _, out var consumed) == System.Buffers.OperationStatus.Done)
        {
            at += consumed;
        }

        return at;
    }
}
