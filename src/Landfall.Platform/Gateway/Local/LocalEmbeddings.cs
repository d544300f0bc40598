using System.Buffers.Binary;
using System.Text.Json;
using Landfall.Inference.Chat;
using Landfall.Platform.Models;
using Landfall.Protocol.Models;

namespace Landfall.Platform.Gateway.Local;

/// <summary>Answers OpenAI embeddings requests by models of the registry.</summary>
internal sealed class LocalEmbeddings(ModelHost host)
{
    private const int MostInputs = 2048;

    /// <exception cref="GatewayProblemException">The request cannot be answered.</exception>
    public async Task<EmbeddingList> EmbedAsync(ResolvedModel model, byte[] body, CancellationToken cancellation)
    {
        var request = GatewayBody.Read<EmbeddingRequest>(body, "an embeddings request");
        var texts = TextsOf(request.Input);
        var isBase64 = request.EncodingFormat switch
        {
            null or "float" => false,
            "base64" => true,
            _ => throw GatewayProblemException.Invalid("'encoding_format' is float or base64.", "encoding_format"),
        };
        if (request.Dimensions is { } wanted && wanted != model.Named.HiddenSize)
        {
            throw GatewayProblemException.Invalid($"'dimensions' is {wanted}; the model '{model.Named.Name}' makes vectors of {model.Named.HiddenSize} values, and they are not shortened.", "dimensions");
        }

        try
        {
            using var lease = await host.OpenAsync(model, cancellation).ConfigureAwait(false);
            if (lease.Adapter?.Prefix is not null)
            {
                throw GatewayProblemException.Invalid($"The adapter '{model.Named.Name}' puts virtual tokens before a prompt, and makes no embeddings; its base '{model.Model.Name}' does, and so do LoRA adapters.", "model");
            }

            var options = new LocalEmbeddingOptions { Lora = lease.Adapter?.Lora };
            var found = await lease.Model.Embeddings.GenerateAsync(texts, options, cancellation).ConfigureAwait(false);
            return new EmbeddingList(
                "list", [.. found.Select((e, index) => new EmbeddingEntry("embedding", index, Encode(e.Vector, isBase64)))], model.Named.Name, new EmbeddingUsage(found.Usage?.InputTokenCount ?? 0));
        }
        catch (Exception error) when (LocalProblems.IsOne(error))
        {
            throw LocalProblems.Of(error, "input")!;
        }
    }

    private static List<string> TextsOf(JsonElement input)
    {
        try
        {
            List<string> texts = input.ValueKind switch
            {
                JsonValueKind.String => [input.GetString()!],
                JsonValueKind.Array when input.EnumerateArray().All(t => t.ValueKind == JsonValueKind.String) => [.. input.EnumerateArray().Select(t => t.GetString()!)],
                JsonValueKind.Array => throw GatewayProblemException.Invalid("'input' has what is no text; token ids are not taken.", "input"),
                _ => throw GatewayProblemException.Invalid("'input' is missing: give a text, or an array of texts.", "input"),
            };
            return texts.Count is >= 1 and <= MostInputs && texts.TrueForAll(t => t.Length > 0)
                ? texts
                : throw GatewayProblemException.Invalid($"'input' has {texts.Count} texts, or an empty one; it has 1 to {MostInputs}, none of them empty.", "input");
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
            throw GatewayProblemException.Invalid("A text of 'input' is no valid Unicode.", "input");
        }
    }

    private static JsonElement Encode(ReadOnlyMemory<float> vector, bool isBase64)
    {
        if (!isBase64)
        {
            return JsonSerializer.SerializeToElement(vector.ToArray());
        }

        var bytes = new byte[vector.Length * sizeof(float)];
        for (var i = 0; i < vector.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector.Span[i]);
        }

        return JsonSerializer.SerializeToElement(Convert.ToBase64String(bytes));
    }
}
