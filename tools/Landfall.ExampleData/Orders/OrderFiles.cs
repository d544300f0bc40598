using System.Globalization;
using System.Text;
using Landfall.ExampleData.Text;

namespace Landfall.ExampleData.Orders;

/// <summary>Writes <c>train.jsonl</c> and <c>test.jsonl</c> of the orders example.</summary>
internal static class OrderFiles
{
    private static readonly (string File, bool IsTest, int English, int Chinese)[] s_files = [("train.jsonl", false, 2100, 700), ("test.jsonl", true, 300, 100)];

    /// <summary>Writes both files and returns a table of their rows.</summary>
    public static string Write(string folder, ulong seed)
    {
        var grammars = Path.Combine(AppContext.BaseDirectory, "Grammars", "orders");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var table = new StringBuilder("| File | Rows | English | Chinese | Without address | Without date |\n| --- | --- | --- | --- | --- | --- |\n");
        Directory.CreateDirectory(folder);
        foreach (var (file, isTest, english, chinese) in s_files)
        {
            var random = new SplitMix(seed + (isTest ? 1UL : 0));
            var rows = new List<OrderRow>();
            foreach (var (wording, count) in new (IOrderWording, int)[] { (new EnglishOrders(random, isTest), english), (new ChineseOrders(random, isTest), chinese) })
            {
                var grammar = Grammar.Read(Path.Combine(grammars, $"{wording.Language}-{(isTest ? "test" : "train")}"));
                var writer = new OrderWriter(grammar, Good.Of(wording.Language, Path.Combine(grammars, "catalogue.tsv")), wording, random);
                rows.AddRange(Different(writer, seen).Take(count));
            }

            random.Shuffle(rows);
            File.WriteAllText(Path.Combine(folder, file), string.Concat(rows.Select(row => row.ToLine() + "\n")));
            table.Append(CultureInfo.InvariantCulture, $"| `{file}` | {rows.Count:N0} | {english:N0} | {chinese:N0} | {rows.Count(r => r.Answer.Address is null):N0} | {rows.Count(r => r.Answer.Date is null):N0} |\n");
        }

        return table.ToString();
    }

    private static IEnumerable<OrderRow> Different(OrderWriter writer, HashSet<string> seen)
    {
        while (true)
        {
            var row = writer.Write();
            if (seen.Add(GeneratedText.Plain(row.Text)))
            {
                yield return row;
            }
        }
    }
}
