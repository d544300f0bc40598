using System.Text.Json;

namespace Landfall.Inference.Formats;

/// <summary>What a safetensors header says of one tensor; offsets count from the end of the header.</summary>
internal sealed record SafetensorsEntry(string Name, string Type, long[] Shape, long Begin, long End)
{
    /// <summary>Values, or null where they are more than a file can hold.</summary>
    public long? Count
    {
        get
        {
            var count = 1L;
            foreach (var dimension in Shape)
            {
                if (dimension != 0 && count > long.MaxValue / dimension)
                {
                    return null;
                }

                count *= dimension;
            }

            return count;
        }
    }

    /// <summary>Bytes of one value, or null for types that are not known.</summary>
    public int? ValueBytes => Type switch
    {
        "F64" or "I64" or "U64" => 8,
        "F32" or "I32" or "U32" => 4,
        "F16" or "BF16" or "I16" or "U16" => 2,
        "I8" or "U8" or "BOOL" or "F8_E4M3" or "F8_E5M2" or "F8_E8M0" => 1,
        _ => null,
    };
}

/// <summary>Reads the JSON header of a safetensors file, straight from its mapped bytes.</summary>
internal static class SafetensorsHeader
{
    private const int MostDimensions = 16;

    /// <exception cref="ModelFormatException">The header is not what the format says.</exception>
    public static (List<SafetensorsEntry> Entries, Dictionary<string, string> Metadata) Read(string file, ReadOnlySpan<byte> json)
    {
        try
        {
            return Parse(file, json);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new ModelFormatException(file, $"the header is not JSON: {exception.Message}", exception) { Offset = 8 };
        }
    }

    private static (List<SafetensorsEntry> Entries, Dictionary<string, string> Metadata) Parse(string file, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 4 });
        var entries = new List<SafetensorsEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        Expect(file, ref reader, JsonTokenType.StartObject, "an object of tensors");
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (name == "__metadata__")
            {
                ReadMetadata(file, ref reader, metadata);
            }
            else if (names.Add(name))
            {
                entries.Add(ReadEntry(file, ref reader, name));
            }
            else
            {
                throw new ModelFormatException(file, $"the header names the tensor '{name}' twice.") { Tensor = name };
            }
        }

        if (reader.Read())
        {
            throw new ModelFormatException(file, "the header goes on after its object.");
        }

        return (entries, metadata);
    }

    private static void ReadMetadata(string file, ref Utf8JsonReader reader, Dictionary<string, string> metadata)
    {
        Expect(file, ref reader, JsonTokenType.StartObject, "an object for '__metadata__'");
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            Expect(file, ref reader, JsonTokenType.String, $"a string for the metadata '{key}'");
            metadata[key] = reader.GetString()!;
        }
    }

    private static SafetensorsEntry ReadEntry(string file, ref Utf8JsonReader reader, string name)
    {
        Expect(file, ref reader, JsonTokenType.StartObject, $"an object for the tensor '{name}'");
        string? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("dtype"u8))
            {
                Expect(file, ref reader, JsonTokenType.String, $"a string for the dtype of '{name}'");
                type = reader.GetString();
            }
            else if (reader.ValueTextEquals("shape"u8))
            {
                shape = ReadNumbers(file, ref reader, name, "shape");
            }
            else if (reader.ValueTextEquals("data_offsets"u8))
            {
                offsets = ReadNumbers(file, ref reader, name, "data_offsets");
            }
            else
            {
                throw new ModelFormatException(file, $"the tensor '{name}' has a property that the format does not know: '{reader.GetString()}'.") { Tensor = name };
            }
        }

        return type is not null && shape is not null && offsets is [var begin, var end] && begin <= end
            ? new SafetensorsEntry(name, type, shape, begin, end)
            : throw new ModelFormatException(file, $"the tensor '{name}' needs a dtype, a shape, and data_offsets of two numbers that rise.") { Tensor = name };
    }

    private static long[] ReadNumbers(string file, ref Utf8JsonReader reader, string name, string property)
    {
        Expect(file, ref reader, JsonTokenType.StartArray, $"an array for {property} of '{name}'");
        var numbers = new List<long>(4);
        while (Next(ref reader) != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || number < 0 || numbers.Count == MostDimensions)
            {
                throw new ModelFormatException(file, $"{property} of the tensor '{name}' must be at most {MostDimensions} whole numbers from 0.") { Tensor = name };
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }

    private static JsonTokenType Next(ref Utf8JsonReader reader) => reader.Read() ? reader.TokenType : JsonTokenType.None;

    private static void Expect(string file, ref Utf8JsonReader reader, JsonTokenType wanted, string what)
    {
        if (Next(ref reader) != wanted)
        {
            throw new ModelFormatException(file, $"the header has {reader.TokenType} where {what} is expected.") { Offset = 8 + reader.TokenStartIndex };
        }
    }
}
