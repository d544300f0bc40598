// What Hugging Face's own library (the Rust one, through the package below) makes of the texts with each tokenizer of the
// fixtures. It is native code and no part of Landfall: copy this file out of the repository, then
//     dotnet run tokenizers_expected.cs <repository>/tests/Landfall.Inference.Tests/Fixtures/tokenizers
#:package Tokenizers.DotNet@1.4.1
#:package Tokenizers.DotNet.runtime.linux-x64@1.4.1
#:property PublishAot=false

using System.Text.Json;
using Tokenizers.DotNet;

var folder = args[0];
var texts = File.ReadAllLines(Path.Combine(folder, "texts.txt")).Select(line => JsonDocument.Parse(line).RootElement.GetString()!).ToArray();
foreach (var path in Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal))
{
    using var tokenizer = new Tokenizer(path);
    using var output = new StreamWriter(Path.ChangeExtension(path, ".expected"));
    foreach (var text in texts)
    {
        var ids = text.Length == 0 ? [] : tokenizer.Encode(text);
        output.Write($"{string.Join(' ', ids)}\t\"{JsonEncodedText.Encode(ids.Length == 0 ? "" : tokenizer.Decode(ids))}\"\n");
    }
}
