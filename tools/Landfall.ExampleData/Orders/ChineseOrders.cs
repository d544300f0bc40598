using System.Globalization;
using Landfall.ExampleData.Text;

namespace Landfall.ExampleData.Orders;

/// <summary>Chinese goods, addresses and days.</summary>
internal sealed class ChineseOrders(SplitMix random, bool isTest) : IOrderWording
{
    private static readonly Dictionary<string, string[]> s_units = new(StringComparer.Ordinal)
    {
        ["box"] = ["箱", "箱", "盒"],
        ["bag"] = ["袋"],
        ["can"] = ["罐"],
        ["pack"] = ["包"],
        ["bottle"] = ["瓶"],
        ["tray"] = ["板"],
        ["crate"] = ["筐"],
        ["kg"] = ["公斤", "公斤", "千克"],
        ["piece"] = ["个"],
    };

    private static readonly Dictionary<int, string> s_words = new()
    {
        [1] = "一",
        [2] = "两",
        [3] = "三",
        [4] = "四",
        [5] = "五",
        [6] = "六",
        [7] = "七",
        [8] = "八",
        [9] = "九",
        [10] = "十",
        [12] = "十二",
        [15] = "十五",
        [20] = "二十",
        [24] = "二十四",
        [30] = "三十",
        [36] = "三十六",
        [40] = "四十",
        [50] = "五十",
    };

    private static readonly string[] s_knownRoads =
    [
        "解放", "人民", "中山", "建设", "和平", "新华", "文化", "学府", "湖滨", "长江", "黄河", "青年", "光明", "朝阳", "东风", "桃园", "梧桐", "石桥", "望江", "花园",
        "体育", "科技", "友谊", "幸福", "团结", "胜利", "民主", "工业", "迎宾", "站前",
    ];

    private static readonly string[] s_newRoads = ["银杏", "龙泉", "古塔", "春晓", "渔港", "锦绣", "凤凰", "松山"];

    private static readonly string[] s_weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    public string Language => "zh";

    public string InSentence(IReadOnlyList<OrderItem> items)
    {
        var written = items.Select(item => Counted(item, random.Chance(0.5)) + item.Item).ToList();
        return written.Count == 1 ? written[0] : string.Join('、', written.SkipLast(1)) + random.Of(["和", "、", "还有"]) + written[^1];
    }

    public string Terse(IReadOnlyList<OrderItem> items)
    {
        var isItemFirst = random.Chance(0.5);
        return string.Join(random.Of(["，", "、", " "]), items.Select(item => isItemFirst ? item.Item + Counted(item, inWords: false) : Counted(item, inWords: false) + item.Item));
    }

    public string Lines(IReadOnlyList<OrderItem> items)
    {
        var form = random.Next(isTest ? 4 : 3);
        return string.Join('\n', items.Select(item => form switch
        {
            0 => Counted(item, inWords: false) + item.Item,
            1 => $"{item.Item} {Counted(item, inWords: false)}",
            2 => $"{item.Item}：{Counted(item, inWords: false)}",
            _ => $"{item.Item}（{Counted(item, inWords: false)}）",
        }));
    }

    public string Address()
    {
        var roads = isTest && random.Chance(0.5) ? s_newRoads : s_knownRoads;
        return $"{random.Of(roads)}{random.Of(["路", "路", "街", "东路", "西路", "大道"])}{random.Between(1, 200)}号{(random.Chance(0.15) ? $"{random.Between(1, 20)}楼" : "")}";
    }

    public (string Value, string Noun, string Adverb) Day()
    {
        var (value, words) = random.Next(5) switch
        {
            0 => random.Chance(0.75) ? ("tomorrow", random.Of(["明天", "明天", "明早"])) : ("today", random.Of(["今天", "今天下午"])),
            1 or 2 => Weekday(random.Next(s_weekdays.Length)),
            _ => MonthDay(random.Between(1, 12), random.Between(1, 28)),
        };
        return (value, words, words);
    }

    private (string Value, string Words) Weekday(int day)
    {
        var prefix = random.Of(["周", "周", "星期", "礼拜"]);
        return (s_weekdays[day], prefix + (day == 6 && prefix != "周" ? '天' : "一二三四五六日"[day]));
    }

    private (string Value, string Words) MonthDay(int month, int day) =>
        (string.Create(CultureInfo.InvariantCulture, $"{month:00}-{day:00}"), $"{month}月{day}{random.Of(["号", "日"])}");

    private string Counted(OrderItem item, bool inWords)
    {
        if (inWords && item.Unit == "piece" && item.Quantity is 6 or 12 or 24 or 36)
        {
            return item.Quantity switch { 6 => "半打", 12 => "一打", 24 => "两打", _ => "三打" };
        }

        var count = inWords && s_words.TryGetValue(item.Quantity, out var word) ? word : item.Quantity.ToString(CultureInfo.InvariantCulture);
        return count + random.Of(s_units[item.Unit]);
    }
}
