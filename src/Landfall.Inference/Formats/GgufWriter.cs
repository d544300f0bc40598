using System.Text;

namespace Landfall.Inference.Formats;

/// <summary>Writes GGUF files of version 3, tensor by tensor; the file is there whole or not at all.</summary>
public static class GgufWriter
{
    private const uint Version = 3;

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file; one of that name is replaced.</param>
    /// <param name="metadata">Keys and values, each key once; <c>general.alignment</c> is honoured.</param>
    /// <param name="tensors">In the order of the data.</param>
    /// <param name="cancellationToken">Stops between tensors, and within where the tensor looks at it.</param>
    public static void Write(string path, IReadOnlyList<GgufEntry> metadata, IReadOnlyList<TensorOutput> tensors, CancellationToken cancellationToken = default)
    {
        var alignment = metadata.FirstOrDefault(entry => entry.Key == "general.alignment")?.Value is long given ? (int)given : GgufFile.DefaultAlignment;
        AtomicFile.Write(path, stream =>
        {
            using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
            writer.Write(GgufFile.Magic);
            writer.Write(Version);
            writer.Write((ulong)tensors.Count);
            writer.Write((ulong)metadata.Count);
            foreach (var entry in metadata)
            {
                WriteEntry(writer, entry);
            }

            WriteInfos(writer, tensors, alignment);
            writer.Flush();
            foreach (var tensor in tensors)
            {
                Pad(stream, alignment);
                tensor.WriteChecked(stream, cancellationToken);
            }

            Pad(stream, alignment);
        });
    }

    private static void WriteInfos(BinaryWriter writer, IReadOnlyList<TensorOutput> tensors, int alignment)
    {
        var offset = 0L;
        foreach (var tensor in tensors)
        {
            WriteText(writer, tensor.Name);
            writer.Write(tensor.Shape.Count);
            foreach (var dimension in tensor.Shape.Reverse())
            {
                writer.Write(dimension);
            }

            writer.Write((int)tensor.Type);
            writer.Write(offset);
            offset = (offset + tensor.Bytes + alignment - 1) / alignment * alignment;
        }
    }

    private static void WriteEntry(BinaryWriter writer, GgufEntry entry)
    {
        WriteText(writer, entry.Key);
        if (entry.Value is not Array array)
        {
            writer.Write((int)entry.Kind);
            WriteValue(writer, entry.Kind, entry.Value);
            return;
        }

        writer.Write((int)GgufKind.Array);
        writer.Write((int)entry.Kind);
        writer.Write((long)array.Length);
        foreach (var value in array)
        {
            WriteValue(writer, entry.Kind, value);
        }
    }

    private static void WriteValue(BinaryWriter writer, GgufKind kind, object value)
    {
        switch (kind)
        {
            case GgufKind.UInt8 or GgufKind.Int8:
                writer.Write(unchecked((byte)(long)value));
                break;
            case GgufKind.UInt16 or GgufKind.Int16:
                writer.Write(unchecked((short)(long)value));
                break;
            case GgufKind.UInt32 or GgufKind.Int32:
                writer.Write(unchecked((int)(long)value));
                break;
            case GgufKind.UInt64 or GgufKind.Int64:
                writer.Write((long)value);
                break;
            case GgufKind.Float32:
                writer.Write((float)(double)value);
                break;
            case GgufKind.Float64:
                writer.Write((double)value);
                break;
            case GgufKind.Bool:
                writer.Write((bool)value);
                break;
            case GgufKind.Text:
                WriteText(writer, (string)value);
                break;
            default:
                throw new ArgumentException($"Arrays of arrays are not written.", nameof(kind));
        }
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((long)bytes.Length);
        writer.Write(bytes);
    }

    private static void Pad(Stream stream, int alignment)
    {
        while (stream.Position % alignment != 0)
        {
            stream.WriteByte(0);
        }
    }
}
