using Landfall.Inference.Models;

namespace Landfall.Inference.Formats.Adapters;

/// <summary>Reads a LoRA adapter as PEFT saves it: keys <c>base_model.model.{path of the module}.lora_A.weight</c>.</summary>
internal static class PeftLora
{
    private const string Root = "base_model.model.";
    private static readonly DecoderNames Names = DecoderNames.HuggingFace();

    public static LoraAdapter Open(string folder, ModelConfig config)
    {
        using var json = JsonFile.Open(Path.Combine(folder, AdapterKinds.ConfigFile));
        var settings = json.Root;
        if (AdapterKinds.Of(settings) != AdapterKind.Lora)
        {
            throw settings.Wrong("peft_type", "LORA");
        }

        CheckSupported(settings);
        using var file = SafetensorsFile.Open(Path.Combine(folder, AdapterKinds.WeightsFile));
        var assembler = new LoraAssembler(file.Tensors, config, RopeLayout.HalfSplit);
        var targets = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in file.Tensors.Names)
        {
            var (module, other) = Split(file.Tensors, name);
            var place = LinearParts.Parse(WithoutModel(module), "layers.", Names) ?? throw Unknown(file.Tensors, name, "its module is none of a layer's linear parts");
            if (name.Contains(".lora_A.", StringComparison.Ordinal))
            {
                assembler.Add(place.Layer, place.Part, name, other, rank => Scale(settings, module, rank));
            }

            targets.Add(module[(module.LastIndexOf('.') + 1)..]);
        }

        CheckTargets(settings, targets);
        return assembler.Finish(folder);
    }

    private static void CheckSupported(JsonSettings settings)
    {
        foreach (var (name, fine) in new[]
        {
            ("use_dora", settings.FindBool("use_dora") != true),
            ("fan_in_fan_out", settings.FindBool("fan_in_fan_out") != true),
            ("lora_bias", settings.FindBool("lora_bias") != true),
            ("bias", settings.FindText("bias") is null or "none"),
            ("modules_to_save", settings.FindTexts("modules_to_save") is null or { Count: 0 }),
        })
        {
            if (!fine)
            {
                throw settings.Wrong(name, "none of it: such adapters are not run; merge it into its base instead, which");
            }
        }
    }

    /// <summary>The module's path, and the name of the pair's other tensor.</summary>
    private static (string Module, string Other) Split(TensorTable table, string name)
    {
        foreach (var (mine, others) in new[] { (".lora_A.", ".lora_B."), (".lora_B.", ".lora_A.") })
        {
            var at = name.IndexOf(mine, StringComparison.Ordinal);
            if (at > Root.Length && name.StartsWith(Root, StringComparison.Ordinal) && name[(at + mine.Length)..] is "weight" or "default.weight")
            {
                var other = name[..at] + others + name[(at + mine.Length)..];
                return table.Contains(other) ? (name[Root.Length..at], other) : throw Unknown(table, name, $"its other half '{other}' is missing");
            }
        }

        throw Unknown(table, name, $"it is none of {Root}<module>.lora_A.weight and lora_B.weight");
    }

    private static ReadOnlySpan<char> WithoutModel(string module) => module.AsSpan(module.StartsWith("model.", StringComparison.Ordinal) ? "model.".Length : 0);

    private static float Scale(JsonSettings settings, string module, int rank)
    {
        var said = Pattern(settings, "rank_pattern", module) ?? settings.Int("r", 1, ConfigLimits.Width);
        if (said != rank)
        {
            throw settings.Wrong("r", $"{rank}, the rank that the weights of '{module}' have,");
        }

        var alpha = Pattern(settings, "alpha_pattern", module) ?? settings.FindFloat("lora_alpha", 0, 1e6) ?? 8;
        return settings.FindBool("use_rslora") == true ? alpha / MathF.Sqrt(rank) : alpha / rank;
    }

    /// <summary>The value for a module whose path is the key or ends in it.</summary>
    private static float? Pattern(JsonSettings settings, string name, string module)
    {
        var patterns = settings.FindObject(name);
        foreach (var key in patterns?.Names ?? [])
        {
            if (key.AsSpan().ContainsAnyExcept(Plain))
            {
                throw patterns!.Wrong(key, "a module's plain name, as patterns are not matched,");
            }

            if (module == key || module.EndsWith($".{key}", StringComparison.Ordinal))
            {
                return patterns!.FindFloat(key, 0, 1e6);
            }
        }

        return null;
    }

    private static readonly System.Buffers.SearchValues<char> Plain =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._");

    private static void CheckTargets(JsonSettings settings, HashSet<string> found)
    {
        // A single string is a pattern or "all-linear"; the weights say what it came to.
        var targets = settings.FindTexts("target_modules") is { Count: > 1 } names ? names : [];
        if (targets.FirstOrDefault(target => !found.Contains(target[(target.LastIndexOf('.') + 1)..])) is { } missing)
        {
            throw settings.Wrong("target_modules", $"only what the weights hold, which is nothing for '{missing}',");
        }
    }

    private static ModelFormatException Unknown(TensorTable table, string name, string problem) =>
        new(table.File, $"the tensor '{name}' has no place in a LoRA adapter of this base: {problem}.") { Tensor = name };
}
