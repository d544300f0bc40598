using System.Runtime.InteropServices;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Formats;

/// <summary>A tensor that is to be written: what the header says of it, and its bytes when they are asked for.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Type">How its values lie.</param>
/// <param name="Shape">Dimensions, outermost first.</param>
/// <param name="Write">Writes its bytes, as many as type and shape say.</param>
public sealed record TensorOutput(string Name, TensorType Type, IReadOnlyList<long> Shape, Action<Stream, CancellationToken> Write)
{
    private const int CopyBytes = 1 << 20;

    /// <summary>Its bytes in the file.</summary>
    public long Bytes
    {
        get
        {
            var bytes = Type.RowBytes(Shape.Count == 0 ? 1 : Shape[^1]);
            for (var index = 0; index < Shape.Count - 1; index++)
            {
                bytes = checked(bytes * Shape[index]);
            }

            return bytes;
        }
    }

    /// <summary>Numbers in memory, as F32.</summary>
    public static TensorOutput Of(string name, ReadOnlyMemory<float> values, params long[] shape) =>
        new(name, TensorType.F32, shape, (stream, _) => stream.Write(MemoryMarshal.AsBytes(values.Span)));

    /// <summary>A tensor's bytes as they are, under the same or another name.</summary>
    public static unsafe TensorOutput Of(Tensor tensor, string? name = null) => new(name ?? tensor.Name, tensor.Type, tensor.Shape, (stream, cancellation) =>
    {
        for (var offset = 0L; offset < tensor.Bytes; offset += CopyBytes)
        {
            cancellation.ThrowIfCancellationRequested();
            stream.Write(new ReadOnlySpan<byte>(tensor.Data + offset, (int)Math.Min(CopyBytes, tensor.Bytes - offset)));
        }

        GC.KeepAlive(tensor);
    });

    /// <summary>Writes, and checks that as much came as was announced.</summary>
    internal void WriteChecked(Stream stream, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var begin = stream.Position;
        Write(stream, cancellation);
        if (stream.Position - begin != Bytes)
        {
            throw new InvalidOperationException($"The tensor '{Name}' wrote {stream.Position - begin} bytes, where its type and shape say {Bytes}.");
        }
    }
}
