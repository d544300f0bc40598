using System.Text.Json;
using System.Text.Json.Nodes;
using Landfall.Inference.Formats;
using Landfall.Inference.Tensors;

namespace Landfall.Training.Models;

/// <summary>Writes adapters as PEFT does: <c>adapter_model.safetensors</c> (F32) and <c>adapter_config.json</c>.</summary>
internal static class PeftFolder
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes a folder.</summary>
    /// <param name="folder">The folder; it is made.</param>
    /// <param name="basis">The base's folder.</param>
    /// <param name="kind">PEFT's <c>peft_type</c>.</param>
    /// <param name="settings">The kind's own settings.</param>
    /// <param name="weights">Its tensors under PEFT's names.</param>
    public static void Write(string folder, string basis, string kind, JsonObject settings, IReadOnlyList<NamedWeight> weights)
    {
        settings["auto_mapping"] = null;
        settings["base_model_name_or_path"] = basis;
        settings["inference_mode"] = true;
        settings["peft_type"] = kind;
        settings["revision"] = null;
        settings["task_type"] = "CAUSAL_LM";
        Directory.CreateDirectory(folder);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["format"] = "pt" };
        SafetensorsWriter.Write(Path.Combine(folder, "adapter_model.safetensors"), [.. weights.Select(weight => ModelFolder.Output(weight, TensorType.F32))], metadata);
        AtomicFile.Write(Path.Combine(folder, "adapter_config.json"), stream =>
        {
            using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
            settings.WriteTo(json, Indented);
        });
    }
}
