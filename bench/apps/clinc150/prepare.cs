// Run by prepare.sh: dotnet run prepare.cs -- <data_full.json> <folder to write to>
#:property PublishAot=false

using System.Text.Encodings.Web;
using System.Text.Json;

if (args is not [var source, var folder])
{
    Console.Error.WriteLine("prepare.cs takes two arguments: data_full.json, and the folder to write to.");
    return 2;
}

// The published splits. Rows of oos_train are a class of train.
(string File, string[] Parts, int Rows)[] splits =
[
    ("train.jsonl", ["train", "oos_train"], 15_100),
    ("validation.jsonl", ["val", "oos_val"], 3_100),
    ("test.jsonl", ["test", "oos_test"], 5_500),
];

using var document = JsonDocument.Parse(File.ReadAllBytes(source));
Directory.CreateDirectory(folder);
foreach (var (file, parts, expected) in splits)
{
    var path = Path.Combine(folder, file);
    var rows = Write(document.RootElement, parts, path + ".part");
    if (rows != expected)
    {
        Console.Error.WriteLine($"{source}: {string.Join(" and ", parts)} hold {rows} rows where CLINC150's full version has {expected}. Use data_full.json of clinc/oos-eval.");
        return 1;
    }

    File.Move(path + ".part", path, overwrite: true);
    Console.WriteLine($"{path}: {rows} rows");
}

return 0;

static int Write(JsonElement root, string[] parts, string path)
{
    using var stream = File.Create(path);
    var count = 0;
    foreach (var row in parts.SelectMany(part => root.GetProperty(part).EnumerateArray()))
    {
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("text", row[0].GetString());
            writer.WriteString("label", row[1].GetString());
            writer.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        count++;
    }

    return count;
}
