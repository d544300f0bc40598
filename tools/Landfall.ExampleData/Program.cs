using System.Globalization;
using Landfall.ExampleData.Orders;
using Landfall.ExampleData.Text;

namespace Landfall.ExampleData;

internal static class Program
{
    private const string Usage = """
        Usage:
          Landfall.ExampleData orders FOLDER [SEED]
              writes train.jsonl and test.jsonl of examples/orders
          Landfall.ExampleData nano-text FOLDER DATA REPOSITORY [SEED] [SHARE]
              writes the text that landfall-nano is trained on; DATA is the folder of the corpora,
              SHARE the size of the generated part in shares of about 9 MB (1)
        """;

    public static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["orders", var folder, .. var rest] when rest.Length <= 1:
                Console.Write(OrderFiles.Write(folder, rest is [var seed] ? ulong.Parse(seed, CultureInfo.InvariantCulture) : 7));
                return 0;
            case ["nano-text", var folder, var data, var repository, .. var rest] when rest.Length <= 2:
                Directory.CreateDirectory(folder);
                var table = new NanoText(folder, rest.Length > 0 ? ulong.Parse(rest[0], CultureInfo.InvariantCulture) : 17)
                    .Write(data, repository, rest.Length > 1 ? double.Parse(rest[1], CultureInfo.InvariantCulture) : 1);
                File.WriteAllText(Path.Combine(folder, "SOURCES.md"), table);
                Console.Write(table);
                return 0;
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }
}
