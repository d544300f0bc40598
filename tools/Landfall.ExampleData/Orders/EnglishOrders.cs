using System.Globalization;
using Landfall.ExampleData.Text;

namespace Landfall.ExampleData.Orders;

/// <summary>English goods, addresses and days.</summary>
internal sealed class EnglishOrders(SplitMix random, bool isTest) : IOrderWording
{
    private static readonly Dictionary<string, string[]> s_units = new(StringComparer.Ordinal)
    {
        ["box"] = ["box", "box", "box", "carton"],
        ["bag"] = ["bag", "bag", "bag", "sack"],
        ["can"] = ["can", "can", "tin"],
        ["pack"] = ["pack", "pack", "packet"],
        ["bottle"] = ["bottle"],
        ["jar"] = ["jar"],
        ["tray"] = ["tray"],
        ["crate"] = ["crate"],
        ["kg"] = ["kg", "kg", "kilo"],
    };

    private static readonly Dictionary<int, string[]> s_words = new()
    {
        [1] = ["a", "one"],
        [2] = ["two", "two", "a couple of"],
        [3] = ["three"],
        [4] = ["four"],
        [5] = ["five"],
        [6] = ["six", "half a dozen"],
        [7] = ["seven"],
        [8] = ["eight"],
        [9] = ["nine"],
        [10] = ["ten"],
        [12] = ["twelve", "a dozen", "a dozen"],
        [15] = ["fifteen"],
        [20] = ["twenty"],
        [24] = ["two dozen"],
        [30] = ["thirty"],
        [36] = ["three dozen"],
        [40] = ["forty"],
        [50] = ["fifty"],
    };

    private static readonly string[] s_knownStreets =
    [
        "Mill", "High", "Church", "Station", "Park", "Garden", "Harbour", "Market", "Bridge", "King", "Queen", "Castle", "River", "Forest", "Hill", "Lake", "Orchard",
        "Baker", "Cooper", "Fisher", "Weaver", "Tanner", "Potter", "Chestnut", "Cedar", "Maple", "Juniper", "Heron", "Falcon", "Sparrow", "Amber", "Copper", "Granite",
        "Marble", "Victoria", "Albert", "Wellington", "Nelson", "Trinity", "Abbey", "Priory", "Meadow", "Clover", "Heather", "Thistle", "Barley", "Wheat", "Hop", "Vine",
        "Union", "Liberty", "Republic", "College", "Museum", "Theatre", "Canal", "Lock", "Wharf", "Anchor", "Beacon", "Summit", "Valley", "Quarry", "Foundry", "Lantern",
    ];

    private static readonly string[] s_newStreets =
        ["Brewer", "Saffron", "Pilgrim", "Magnolia", "Drummond", "Cobble", "Sandpiper", "Ferry", "Larch", "Windsor", "Salmon", "Observatory", "Juno", "Peppercorn", "Bishop", "Tinker"];

    private static readonly string[] s_streetTypes = ["Street", "Street", "Road", "Lane", "Avenue", "Square", "Close", "St", "Rd"];

    private static readonly string[] s_weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    private static readonly string[] s_shortWeekdays = ["Mon", "Tue", "Wed", "Thurs", "Fri", "Sat", "Sun"];

    private static readonly string[] s_months =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

    public string Language => "en";

    public string InSentence(IReadOnlyList<OrderItem> items)
    {
        var written = items.Select(Spoken).ToList();
        var last = random.Of([" and ", " and ", " and ", " plus ", ", "]);
        return written.Count == 1 ? written[0] : string.Join(", ", written.SkipLast(1)) + last + written[^1];
    }

    public string Terse(IReadOnlyList<OrderItem> items)
    {
        var form = random.Next(4);
        return string.Join(random.Of([", ", ", ", " + ", "; "]), items.Select(item => Short(item, form)));
    }

    public string Lines(IReadOnlyList<OrderItem> items)
    {
        var form = random.Next(isTest ? 5 : 4);
        var bullet = random.Of(["- ", "- ", "* ", ""]);
        return string.Join('\n', items.Select(item => bullet + Line(item, form)));
    }

    public string Address()
    {
        var streets = isTest && random.Chance(0.5) ? s_newStreets : s_knownStreets;
        var door = Digits(random.Between(1, random.Chance(0.2) ? 250 : 90)) + (random.Chance(0.1) ? random.Of(["a", "b", "c"]) : "");
        var town = random.Chance(0.2) ? ", " + random.Of(["Northgate", "Eastwell", "Kingsport", "Ashby", "Marlow", "Denton"]) : "";
        return $"{door} {random.Of(streets)} {random.Of(s_streetTypes)}{town}";
    }

    public (string Value, string Noun, string Adverb) Day()
    {
        if (random.Chance(0.2))
        {
            return random.Chance(0.75)
                ? ("tomorrow", "tomorrow", random.Of(["tomorrow", "tomorrow", "tomorrow morning", "by tomorrow"]))
                : ("today", "today", random.Of(["today", "this afternoon", "later today"]));
        }

        if (random.Chance(0.55))
        {
            var day = random.Next(s_weekdays.Length);
            var name = random.Chance(0.15) ? s_shortWeekdays[day] : s_weekdays[day];
            return (s_weekdays[day].ToLowerInvariant(), name, random.Of([$"on {name}", $"on {name}", $"this {name}", $"by {name}", $"on {name} morning"]));
        }

        int month = random.Between(1, 12), number = random.Between(1, 28);
        var full = s_months[month - 1];
        var words = random.Of([$"{number} {full}", $"{full} {number}", $"{number} {full[..3]}", $"the {Ordinal(number)} of {full}", $"{full} {Ordinal(number)}"]);
        return (string.Create(CultureInfo.InvariantCulture, $"{month:00}-{number:00}"), words, random.Of([$"on {words}", $"on {words}", $"by {words}"]));
    }

    private string Spoken(OrderItem item)
    {
        var count = s_words.TryGetValue(item.Quantity, out var words) && random.Chance(0.5) ? random.Of(words) : Digits(item.Quantity);
        if (random.Chance(0.03))
        {
            count = $"{Digits(item.Quantity + random.Between(1, 4))}, no, {Digits(item.Quantity)}";
        }

        return item.Unit == "piece" ? $"{count} {item.Item}" : $"{count} {Unit(item)}{(random.Chance(0.8) ? " of" : "")} {item.Item}";
    }

    private string Short(OrderItem item, int form)
    {
        var count = Digits(item.Quantity);
        return (item.Unit, form) switch
        {
            ("piece", 0 or 1) => $"{count} {item.Item}",
            ("piece", _) => $"{item.Item} x{count}",
            ("kg", 0 or 1) => $"{count}kg {item.Item}",
            ("kg", _) => $"{item.Item} {count}kg",
            (_, 0) => $"{count} {Unit(item)} {item.Item}",
            (_, 1) => $"{count}x {Unit(item)} {item.Item}",
            (_, 2) => $"{item.Item} {count} {Unit(item)}",
            _ => $"{item.Item} x{count} {Unit(item)}",
        };
    }

    private string Line(OrderItem item, int form)
    {
        var count = Digits(item.Quantity);
        return (item.Unit, form) switch
        {
            ("piece", 0 or 1) => $"{count} {item.Item}",
            ("piece", 4) => $"{item.Item} ({count})",
            ("piece", _) => $"{item.Item}: {count}",
            (_, 0) => $"{count} {Unit(item)} of {item.Item}",
            (_, 1) => $"{count} {Unit(item)} {item.Item}",
            (_, 2) => $"{item.Item}: {count} {Unit(item)}",
            (_, 3) => $"{count} x {item.Item} ({item.Unit})",
            _ => $"{item.Item} ({count} {Unit(item)})",
        };
    }

    private string Unit(OrderItem item)
    {
        var word = random.Of(s_units[item.Unit]);
        return item.Quantity == 1 || word == "kg" ? word : word + (word is "box" ? "es" : "s");
    }

    private static string Ordinal(int number) => Digits(number) + (number % 10, number / 10) switch
    {
        (_, 1) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };

    private static string Digits(int number) => number.ToString(CultureInfo.InvariantCulture);
}
