using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Landfall.Inference;
using Landfall.Inference.Constraints;
using Landfall.Inference.Sampling;
using Landfall.Inference.Serving;

namespace Landfall.Benchmarks.Inference;

/// <summary>
/// One measurement of Landfall's engine in a process of its own, as the peer has one: <c>inference-run speed|streams|prefix|constrained FILE</c>.
/// It prints one line of JSON.
/// </summary>
internal static class InferenceRun
{
    private const int Threads = 2;
    private const int Repeats = 3;
    private const int PromptTokens = 512;
    private const int DecodeTokens = 128;
    private const int Streams = 8;

    public static async Task<int> RunAsync(string[] args)
    {
        var emptyMegabytes = ProcessMemory.Megabytes("VmRSS");
        var path = args[2];
        using var model = LanguageModel.Open(path);
        Dictionary<string, double> result = args[1] switch
        {
            "speed" => await SpeedAsync(model, path),
            "streams" => await StreamsAsync(model),
            "prefix" => await PrefixAsync(model),
            "constrained" => await ConstrainedAsync(model),
            _ => throw new ArgumentException($"'{args[1]}' is not a measurement: speed, streams, prefix or constrained.", nameof(args)),
        };
        result["emptyMegabytes"] = emptyMegabytes;
        result["peakMegabytes"] = result.GetValueOrDefault("peakMegabytes", ProcessMemory.Megabytes("VmHWM"));
        Console.WriteLine(JsonSerializer.Serialize(result));
        return 0;
    }

    /// <summary>Reading a prompt, decoding, and a read-only sweep of the bytes that decoding reads.</summary>
    private static async Task<Dictionary<string, double>> SpeedAsync(LanguageModel model, string path)
    {
        List<double> reading = [], decoding = [];
        await using (var engine = Engine(model, reuse: false))
        {
            for (var repeat = -1; repeat < Repeats; repeat++)
            {
                // The first round warms up: it pages the file in and has the kernels compiled.
                var end = await EndAsync(engine, Request(Prompt(PromptTokens, seed: 1), DecodeTokens));
                if (repeat >= 0)
                {
                    reading.Add(end.PromptTokens / end.PromptTime.TotalSeconds);
                    decoding.Add((end.CompletionTokens - 1) / end.CompletionTime.TotalSeconds);
                }
            }
        }

        var peak = ProcessMemory.Megabytes("VmHWM");
        var bytes = WeightSweep.BytesPerToken(path);
        return new()
        {
            ["promptTokensPerSecond"] = Median(reading),
            ["decodeTokensPerSecond"] = Median(decoding),
            ["decodeGigabytesPerSecond"] = Median(decoding) * bytes / 1e9,
            ["sweepGigabytesPerSecond"] = WeightSweep.GigabytesPerSecond(path, bytes, Threads),
            ["peakMegabytes"] = peak,
        };
    }

    /// <summary>Eight answers at once against one.</summary>
    private static async Task<Dictionary<string, double>> StreamsAsync(LanguageModel model)
    {
        await using var engine = Engine(model, reuse: false);
        List<double> one = [], eight = [];
        for (var repeat = -1; repeat < Repeats; repeat++)
        {
            var (single, many) = (await TokensPerSecondAsync(1), await TokensPerSecondAsync(Streams));
            if (repeat >= 0)
            {
                one.Add(single);
                eight.Add(many);
            }
        }

        return new() { ["oneTokensPerSecond"] = Median(one), ["eightTokensPerSecond"] = Median(eight) };

        async Task<double> TokensPerSecondAsync(int streams)
        {
            var began = Stopwatch.GetTimestamp();
            var ends = await Task.WhenAll(Enumerable.Range(0, streams).Select(stream => EndAsync(engine, Request(Prompt(16, stream), DecodeTokens))));
            return ends.Sum(end => end.CompletionTokens) / Stopwatch.GetElapsedTime(began).TotalSeconds;
        }
    }

    /// <summary>The first token of 1,000 that share 900 with an earlier prompt, against 1,000 that share none.</summary>
    private static async Task<Dictionary<string, double>> PrefixAsync(LanguageModel model)
    {
        await using var engine = Engine(model, reuse: true);
        List<double> cold = [], warm = [], cached = [];
        for (var repeat = -1; repeat < Repeats; repeat++)
        {
            var prompt = Prompt(1000, seed: 100 + repeat);
            var first = await EndAsync(engine, Request(prompt, 1));
            var second = await EndAsync(engine, Request([.. prompt[..900], .. Prompt(100, seed: 200 + repeat)], 1));
            if (repeat >= 0)
            {
                cold.Add(first.PromptTime.TotalMilliseconds);
                warm.Add(second.PromptTime.TotalMilliseconds);
                cached.Add(second.CachedTokens);
            }
        }

        return new() { ["coldMilliseconds"] = Median(cold), ["warmMilliseconds"] = Median(warm), ["cachedTokens"] = Median(cached) };
    }

    /// <summary>Decoding within a JSON Schema against decoding freely.</summary>
    private static async Task<Dictionary<string, double>> ConstrainedAsync(LanguageModel model)
    {
        const string Schema = """
            {"type": "array", "minItems": 200, "items": {"type": "object", "additionalProperties": false, "required": ["name", "kind", "count"],
             "properties": {"name": {"type": "string"}, "kind": {"enum": ["parcel", "invoice", "password"]}, "count": {"type": "integer"}}}}
            """;
        using var schema = JsonDocument.Parse(Schema);
        var constraint = JsonSchemaConstraint.Compile(schema.RootElement, model.Tokenizer.Vocabulary);
        await using var engine = Engine(model, reuse: false);
        List<double> free = [], held = [];
        for (var repeat = -1; repeat < Repeats; repeat++)
        {
            var freely = await EndAsync(engine, Request(Prompt(16, seed: 1), DecodeTokens));
            var within = await EndAsync(engine, Request(Prompt(16, seed: 1), DecodeTokens) with { Constraint = constraint });
            if (repeat >= 0)
            {
                free.Add((freely.CompletionTokens - 1) / freely.CompletionTime.TotalSeconds);
                held.Add((within.CompletionTokens - 1) / within.CompletionTime.TotalSeconds);
            }
        }

        return new() { ["freeTokensPerSecond"] = Median(free), ["constrainedTokensPerSecond"] = Median(held) };
    }

    private static InferenceEngine Engine(LanguageModel model, bool reuse) =>
        new(model, new EngineOptions { Threads = Threads, ContextLength = RandomModel.Context, ReusePrefixes = reuse });

    private static GenerationRequest Request(int[] prompt, int tokens) => new() { Prompt = prompt, MaxTokens = tokens, Sampling = new SamplingOptions() };

    private static int[] Prompt(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(300, RandomVocabulary.Size))];
    }

    private static async Task<GenerationEnd> EndAsync(InferenceEngine engine, GenerationRequest request)
    {
        GenerationEnd? end = null;
        await foreach (var token in engine.GenerateAsync(request))
        {
            end = token.End;
        }

        return end is { } ended && ended.CompletionTokens == request.MaxTokens
            ? ended
            : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The answer has {end?.CompletionTokens} tokens, not {request.MaxTokens}: times would not compare."));
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
