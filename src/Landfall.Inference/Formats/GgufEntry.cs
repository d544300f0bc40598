namespace Landfall.Inference.Formats;

/// <summary>Kinds of metadata values, by their numbers in GGUF.</summary>
public enum GgufKind
{
    /// <summary>8 bits, unsigned.</summary>
    UInt8 = 0,
    /// <summary>8 bits, signed.</summary>
    Int8 = 1,
    /// <summary>16 bits, unsigned.</summary>
    UInt16 = 2,
    /// <summary>16 bits, signed.</summary>
    Int16 = 3,
    /// <summary>32 bits, unsigned.</summary>
    UInt32 = 4,
    /// <summary>32 bits, signed.</summary>
    Int32 = 5,
    /// <summary>IEEE single.</summary>
    Float32 = 6,
    /// <summary>A byte, 0 or 1.</summary>
    Bool = 7,
    /// <summary>Length (64 bits) and UTF-8.</summary>
    Text = 8,
    /// <summary>Element kind, count (64 bits), and the elements.</summary>
    Array = 9,
    /// <summary>64 bits, unsigned.</summary>
    UInt64 = 10,
    /// <summary>64 bits, signed.</summary>
    Int64 = 11,

    /// <summary>IEEE double.</summary>
    Float64 = 12,
}

/// <summary>A metadata value with the kind that the file gives it, so that it can be written as it was read.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Kind">Its kind; of an array, its elements'.</param>
/// <param name="Value">As <see cref="GgufMetadata"/> has it.</param>
public sealed record GgufEntry(string Key, GgufKind Kind, object Value)
{
    /// <summary>A number, as GGUF's readers expect most.</summary>
    public static GgufEntry Of(string key, int value) => new(key, GgufKind.UInt32, (long)value);

    /// <summary>A floating-point number.</summary>
    public static GgufEntry Of(string key, float value) => new(key, GgufKind.Float32, (double)value);

    /// <summary>A truth value.</summary>
    public static GgufEntry Of(string key, bool value) => new(key, GgufKind.Bool, value);

    /// <summary>A text.</summary>
    public static GgufEntry Of(string key, string value) => new(key, GgufKind.Text, value);

    /// <summary>An array of texts.</summary>
    public static GgufEntry Of(string key, string[] value) => new(key, GgufKind.Text, value);

    /// <summary>An array of floating-point numbers.</summary>
    public static GgufEntry Of(string key, double[] value) => new(key, GgufKind.Float32, value);

    /// <summary>An array of signed numbers.</summary>
    public static GgufEntry Of(string key, long[] value) => new(key, GgufKind.Int32, value);
}
