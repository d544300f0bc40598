using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Landfall.Tests.Hosting;

/// <summary>An app as a client uploads it: a brief and its data files, varied by the caller.</summary>
internal sealed record AppFiles(string Brief, IReadOnlyDictionary<string, byte[]> Files)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] Openings = ["hello", "please help", "i need to", "quick question", "since monday", "my mother says", "urgent", "can you", "yesterday", "for the third time", "hi team", ""];
    private static readonly string[] Closings = ["thanks", "asap", "what now", "any idea", "as i said", "on my phone", "at the office", "again", "best wishes", "before friday", "if possible", ""];

    private static readonly Dictionary<string, string[]> Intents = new(StringComparer.Ordinal)
    {
        ["billing"] = ["invoice", "charged twice", "bill too high", "payment date", "direct debit", "late fee", "price on statement"],
        ["refund"] = ["money back", "refund", "return the amount", "reimburse", "credit note", "overpaid sum", "give back"],
        ["outage"] = ["no connection", "internet down", "line is dead", "offline", "router light red", "signal lost", "cannot browse"],
        ["password"] = ["forgot password", "reset login", "locked out", "sign in fails", "new passcode", "cannot log in", "credentials"],
        ["moving"] = ["moving house", "new address", "relocate", "change of flat", "move my line", "different city", "transfer contract"],
        ["cancel"] = ["cancel contract", "terminate", "stop service", "end subscription", "quit plan", "close account", "leave you"],
    };

    private static readonly Dictionary<string, string[]> ChineseIntents = new(StringComparer.Ordinal)
    {
        ["账单"] = ["账单太高", "重复扣费", "发票在哪里", "付款日期", "话费明细"],
        ["故障"] = ["网络断了", "上不了网", "路由器红灯", "信号很差", "连接失败"],
        ["密码"] = ["忘记密码", "登录不了", "重置口令", "账号被锁", "验证码收不到"],
        ["搬家"] = ["我要搬家", "更换地址", "移机服务", "换到新城市", "地址变更"],
    };

    public static AppFiles English(string app = "desk", int train = 240, int test = 160, int seed = 1, string targets = "[{ metric: accuracy, at-least: 0.60 }]", string more = "") =>
        Labels(app, Intents, " ", train, test, seed, targets, more);

    public static AppFiles Chinese() => Labels("zhuo", ChineseIntents, "", 160, 120, 2, "[{ metric: accuracy, at-least: 0.60 }, { metric: macro-f1, at-least: 0.50 }]", "");

    /// <summary>Sentences with one right translation each; test asks for some again in other words.</summary>
    public static AppFiles Text()
    {
        var words = new[] { "red", "house", "river", "train", "bread", "garden", "winter", "music", "doctor", "window", "letter", "market" };
        var random = new Random(3);
        var sentences = Enumerable.Range(0, 60).Select(i => string.Join(' ', random.GetItems(words, 5)) + $" number {i}").ToArray();
        return Create("translator", "text", "translation", "[{ metric: bleu, at-least: 30 }, { metric: chrf, at-least: 30 }, { metric: rouge-l, at-least: 0.3 }]", "",
            sentences.Select(s => Row(s, "answer", Translate(s))), sentences.Take(40).Select(s => Row(s + " please", "answer", Translate(s))));
    }

    public static AppFiles Json()
    {
        var rooms = new[] { "kitchen", "bedroom", "garage", "cellar", "attic" };
        var acts = new[] { "on", "off" };
        string[] ways = ["switch {1} the {0} light", "{0} light {1} please", "turn {1} light in the {0}", "light {1} for {0} now"];
        IEnumerable<string> Rows(string tail, int first, int last) =>
            from room in rooms
            from act in acts
            from way in ways[first..last]
            select Row(string.Format(System.Globalization.CultureInfo.InvariantCulture, way, room, act) + tail, "answer", $$"""{"room":"{{room}}","on":{{(act == "on" ? "true" : "false")}}}""");
        return Create(
            "lights", "json", "single-turn", "[{ metric: json-validity, at-least: 0.5 }, { metric: exact-match, at-least: 0.01 }]", "\n  schema: { type: object, required: [room, on] }",
            Rows("", 0, 3), Rows(" ok", 0, 4));
    }

    public AppFiles With(string path, Func<string, string> change) =>
        With(path, Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(Files[path]))));

    public AppFiles With(string path, byte[] content) =>
        this with { Files = new Dictionary<string, byte[]>(Files, StringComparer.Ordinal) { [path] = content } };

    public AppFiles WithBrief(Func<string, string> change) => this with { Brief = change(Brief) };

    public static string Row(string text, string field, string expected) =>
        JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal) { ["text"] = text, [field] = expected }, Plain);

    public void WriteTo(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "data"));
        File.WriteAllText(Path.Combine(folder, "brief.yaml"), Brief);
        foreach (var (path, content) in Files)
        {
            File.WriteAllBytes(Path.Combine(folder, path), content);
        }
    }

    private static AppFiles Labels(string app, Dictionary<string, string[]> intents, string gap, int train, int test, int seed, string targets, string more)
    {
        var random = new Random(seed);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var rows = new List<string>();
        while (rows.Count < train + test)
        {
            var (label, phrases) = intents.ElementAt(random.Next(intents.Count));
            var text = string.Join(gap, new[] { Pick(Openings), Pick(phrases), Pick(phrases), Pick(Closings) }.Where(p => p.Length > 0));
            if (seen.Add(text))
            {
                rows.Add(Row(text, "label", label));
            }
        }

        return Create(app, "label", "single-turn", targets, more, rows.Take(train), rows.Skip(train));

        string Pick(string[] from) => from[random.Next(from.Length)];
    }

    private static AppFiles Create(string app, string output, string interaction, string targets, string more, IEnumerable<string> train, IEnumerable<string> test) => new(
        $"""
        app: {app}
        scenario: A made-up app for tests.
        interaction: {interaction}
        output:
          kind: {output}{(output == "json" ? more : "")}
        data:
          train: data/train.jsonl
          test: data/test.jsonl
        targets: {targets}
        {(output == "json" ? "" : more)}
        """,
        new Dictionary<string, byte[]>(StringComparer.Ordinal) { ["data/train.jsonl"] = Lines(train), ["data/test.jsonl"] = Lines(test) });

    private static byte[] Lines(IEnumerable<string> rows) => Encoding.UTF8.GetBytes(string.Join('\n', rows) + "\n");

    private static string Translate(string text) => string.Join(' ', text.Split(' ').Reverse().Select(w => w + "o"));
}
