using System.Text.Encodings.Web;
using System.Text.Json;

namespace Landfall.ExampleData.Orders;

/// <summary>A line of an order; the unit is the ordering system's word, the same in both languages.</summary>
internal sealed record OrderItem(string Item, int Quantity, string Unit);

/// <summary>What a message asks for.</summary>
/// <param name="Items">In the order of the message.</param>
/// <param name="Address">As the message writes it, or null.</param>
/// <param name="Date"><c>today</c>, <c>tomorrow</c>, a weekday, or month and day as <c>03-12</c>; or null.</param>
internal sealed record Order(IReadOnlyList<OrderItem> Items, string? Address, string? Date);

/// <summary>A row of the example.</summary>
internal sealed record OrderRow(string Text, Order Answer, string Language)
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string ToLine() => JsonSerializer.Serialize(this, s_options);
}

/// <summary>A thing that is sold, and the units that it is sold in.</summary>
internal sealed record Good(string Name, IReadOnlyList<string> Units)
{
    /// <summary>The goods of a language, from the catalogue's file.</summary>
    public static IReadOnlyList<Good> Of(string language, string file) =>
        [.. File.ReadLines(file).Select(line => line.Split('\t')).Where(fields => fields[0] == language).Select(fields => new Good(fields[1], fields[2].Split(',')))];
}
