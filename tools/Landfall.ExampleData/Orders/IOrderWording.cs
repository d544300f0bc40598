namespace Landfall.ExampleData.Orders;

/// <summary>How a language writes goods, addresses and days.</summary>
internal interface IOrderWording
{
    string Language { get; }

    /// <summary>The goods in a sentence.</summary>
    string InSentence(IReadOnlyList<OrderItem> items);

    /// <summary>The goods in haste, parted by commas or signs.</summary>
    string Terse(IReadOnlyList<OrderItem> items);

    /// <summary>The goods as a list, one per line.</summary>
    string Lines(IReadOnlyList<OrderItem> items);

    string Address();

    /// <summary>A day: its value, and its words as a noun and as an adverb.</summary>
    (string Value, string Noun, string Adverb) Day();
}
