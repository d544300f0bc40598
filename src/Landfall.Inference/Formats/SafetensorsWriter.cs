using System.Buffers.Binary;
using System.Text.Json;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Formats;

/// <summary>Writes safetensors files, tensor by tensor; the file is there whole or not at all.</summary>
public static class SafetensorsWriter
{
    /// <summary>Writes a file of tensors of F32, F16 and BF16.</summary>
    /// <param name="path">The file; one of that name is replaced.</param>
    /// <param name="tensors">In the order of the data.</param>
    /// <param name="metadata">The header's <c>__metadata__</c>.</param>
    /// <param name="cancellationToken">Stops between tensors, and within where the tensor looks at it.</param>
    public static void Write(
        string path, IReadOnlyList<TensorOutput> tensors, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default)
    {
        var header = Header(tensors, metadata);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(header);
            foreach (var tensor in tensors)
            {
                tensor.WriteChecked(stream, cancellationToken);
            }
        });
    }

    private static byte[] Header(IReadOnlyList<TensorOutput> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        buffer.Write(new byte[8]);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            if (metadata is not null)
            {
                writer.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata)
                {
                    writer.WriteString(key, value);
                }

                writer.WriteEndObject();
            }

            var end = 0L;
            foreach (var tensor in tensors)
            {
                WriteEntry(writer, tensor, ref end);
            }

            writer.WriteEndObject();
        }

        // Spaces behind the object put the data at a multiple of 64.
        while (buffer.Length % 64 != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        var header = buffer.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - 8);
        return header;
    }

    private static void WriteEntry(Utf8JsonWriter writer, TensorOutput tensor, ref long end)
    {
        if (tensor.Type is not (TensorType.F32 or TensorType.F16 or TensorType.BF16))
        {
            throw new ArgumentException($"The tensor '{tensor.Name}' is {tensor.Type}, which safetensors does not hold.", nameof(tensor));
        }

        writer.WriteStartObject(tensor.Name);
        writer.WriteString("dtype", tensor.Type.ToString());
        writer.WriteStartArray("shape");
        foreach (var dimension in tensor.Shape)
        {
            writer.WriteNumberValue(dimension);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("data_offsets");
        writer.WriteNumberValue(end);
        writer.WriteNumberValue(end += tensor.Bytes);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
