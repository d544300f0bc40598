using System.Diagnostics;
using System.Globalization;
using Landfall.Inference.Formats.Adapters;
using Landfall.Inference.Formats.Export;
using Landfall.Inference.Models;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Formats;

/// <summary>
/// Damages valid files byte by byte and opens them: what comes of it is a model or a typed exception, within a second, and
/// never more memory than a multiple of the file. <c>LANDFALL_SOAK_FUZZ=2000000</c> sets how many inputs each parser
/// gets; <c>TMPDIR</c> on a file system in memory makes it an hour rather than a day.
/// </summary>
public sealed class FormatsFuzzTests
{
    /// <summary>A JSON file becomes objects of at most so many times its size, and exceptions take some kilobytes.</summary>
    private const int AllocationFactor = 40;
    private const int AllocationBase = 400_000;

    private static readonly string[] JsonFragments =
    [
        "{", "}", "[", "]", ",", ":", "\"", "null", "true", "-1", "0", "1e999", "9223372036854775807", "18446744073709551616", "4294967296", "\\ud800", "\"\\u0000\"", "[[[[[[",
        "\"F32\"", "\"F16\"", "\"I64\"", "[0,0]", "[]", "{}", "1.5", "\"../x\"", "\"__metadata__\":{}", "\uFEFF", "/*", "\"shape\"", "\"data_offsets\"", "\"dtype\"",
    ];

    private static readonly int Count = int.TryParse(Environment.GetEnvironmentVariable("LANDFALL_SOAK_FUZZ"), CultureInfo.InvariantCulture, out var count) ? count : 300;

    [Fact]
    public void OpenSafetensors_DamagedFiles_GiveTypedExceptions()
    {
        using var folder = new TemporaryFolder();
        SmallModel.Decoder("qwen3").Write(folder);
        SafetensorsWriter.Write(folder["small.safetensors"], [.. SmallModel.Encoder(string.Empty).Tensors.Take(5)], new Dictionary<string, string> { ["format"] = "pt" });
        Fuzz(folder, "small.safetensors", header: 1000, path =>
        {
            using var file = SafetensorsFile.Open(path);
            foreach (var tensor in file.Tensors.Readable)
            {
                _ = tensor.Row(tensor.Rows - 1)[^1];
            }
        });
    }

    [Fact]
    public void OpenIndex_DamagedFiles_GiveTypedExceptions()
    {
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder["one.safetensors"], [TensorOutput.Of("a", new[] { 1f }, 1)]);
        SafetensorsWriter.Write(folder["two.safetensors"], [TensorOutput.Of("b", new[] { 2f }, 1)]);
        folder.Write("index.json", """{"metadata":{"total_size":8},"weight_map":{"a":"one.safetensors","b":"two.safetensors"}}""");
        Fuzz(folder, "index.json", header: int.MaxValue, path => SafetensorsFile.Open(path).Dispose());
    }

    [Fact]
    public void OpenGguf_DamagedFiles_GiveTypedExceptions()
    {
        using var folder = new TemporaryFolder();
        SmallModel.Decoder("llama").Write(folder);
        using (var model = ModelFiles.Open(folder.Path))
        {
            GgufExport.Write(model, folder["whole.gguf"], new ExportOptions { Type = TensorType.Q4_0, Threads = 1 });
        }

        Fuzz(folder, "whole.gguf", header: 2600, path =>
        {
            using var model = ModelFiles.Open(path);
            foreach (var tensor in model.Tensors.Readable)
            {
                _ = tensor.Row(tensor.Rows - 1)[^1];
            }
        });
    }

    [Fact]
    public void ReadConfig_DamagedFiles_GiveTypedExceptions()
    {
        using var folder = new TemporaryFolder();
        var config = SmallModel.Decoder("qwen2").Config;
        config["rope_scaling"] = System.Text.Json.Nodes.JsonNode.Parse("""{"factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":8192,"rope_type":"llama3"}""");
        folder.Write("config.json", config.ToJsonString());
        Fuzz(folder, "config.json", header: int.MaxValue, path =>
        {
            HuggingFaceConfig.Read(path);
            GenerationDefaults.Read(path);
        });
    }

    [Theory]
    [InlineData("lora-qv", "adapter_config.json")]
    [InlineData("lora-qv", "adapter_model.safetensors")]
    [InlineData("prefix", "adapter_config.json")]
    [InlineData("prefix", "adapter_model.safetensors")]
    public void OpenAdapter_DamagedFiles_GiveTypedExceptions(string adapter, string file)
    {
        using var folder = new TemporaryFolder();
        var source = Path.Combine(FixtureFilesTests.Root(), "llama3");
        var config = HuggingFaceConfig.Read(Path.Combine(source, "config.json"));
        foreach (var name in new[] { "adapter_config.json", "adapter_model.safetensors" })
        {
            folder.Write(name, File.ReadAllBytes(Path.Combine(source, "adapters", adapter, name)));
        }

        Fuzz(folder, file, header: 900, path => Open(Path.GetDirectoryName(path)!, config, adapter));
    }

    private static void Open(string folder, ModelConfig config, string adapter)
    {
        if (adapter == "prefix")
        {
            PrefixAdapter.Open(folder, config);
        }
        else
        {
            LoraAdapter.Open(folder, config).Dispose();
        }
    }

    private static void Fuzz(TemporaryFolder folder, string name, int header, Action<string> open)
    {
        var valid = File.ReadAllBytes(folder[name]);
        var random = new Random(4242);
        open(folder[name]);
        var refused = 0;
        for (var round = 0; round < Count; round++)
        {
            var bytes = Damage(valid, random, header);
            File.WriteAllBytes(folder[name], bytes);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var (first, elapsed) = Try(open, folder[name]);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            refused += first is null ? 0 : 1;
            Assert.True(first is null or InferenceException, $"round {round}: {first} for {Convert.ToBase64String(bytes[..Math.Min(bytes.Length, 4000)])}");
            Assert.InRange(allocated, 0, AllocationBase + ((long)AllocationFactor * bytes.Length));

            // The machine may be busy with something else for a second; not twice.
            Assert.True(elapsed.TotalSeconds < 1 || Try(open, folder[name]).Elapsed.TotalSeconds < 1, $"round {round} hangs");
        }

        Assert.InRange(refused, Count / 10, Count);
    }

    private static (Exception? Exception, TimeSpan Elapsed) Try(Action<string> open, string path)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            open(path);
            return (null, watch.Elapsed);
        }
        catch (Exception exception)
        {
            return (exception, watch.Elapsed);
        }
    }

    /// <summary>One to four of: a byte changed, a number made extreme, a stretch cut, doubled or moved, a fragment put in, the end cut off.</summary>
    private static byte[] Damage(byte[] valid, Random random, int header)
    {
        var bytes = new List<byte>(valid);
        for (var change = random.Next(1, 5); change > 0 && bytes.Count > 8; change--)
        {
            var at = random.Next(Math.Min(bytes.Count, header));
            var length = Math.Min(random.Next(1, 24), bytes.Count - at);
            switch (random.Next(8))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    var extreme = BitConverter.GetBytes(random.Next(4) switch { 0 => long.MaxValue, 1 => -1L, 2 => 1L << random.Next(63), _ => random.NextInt64(1 << 20) });
                    for (var index = 0; index < 8 && at + index < bytes.Count; index++)
                    {
                        bytes[at + index] = extreme[index];
                    }

                    break;
                case 3:
                    bytes.RemoveRange(at, length);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 5:
                    bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count - length), length));
                    break;
                case 6:
                    bytes.InsertRange(at, System.Text.Encoding.UTF8.GetBytes(JsonFragments[random.Next(JsonFragments.Length)]));
                    break;
                default:
                    bytes.RemoveRange(at, random.Next(20) == 0 ? bytes.Count - at : 0);
                    break;
            }
        }

        return [.. bytes];
    }
}
