using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Landfall.Inference;
using Landfall.Inference.Chat;
using Landfall.Inference.Templates;
using Landfall.Protocol;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Training;
using Microsoft.Extensions.AI;

namespace Landfall.Training.Tuning;

/// <summary>Reads JSON lines of <see cref="TuningExample"/> and makes tokens of them by the chat template that also serves the model.</summary>
/// <param name="model">Whose template and tokens.</param>
/// <param name="labels">Labels of the classification head; 0: rows are learnt to be answered.</param>
/// <param name="maxLength">Rows of more positions are left out.</param>
public sealed class TuningData(LanguageModel model, int labels, int maxLength)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly ChatPrompt _prompt = new(model);

    private readonly int _endToken = model.EndTokens is [var end, ..] ? end
        : throw new TrainingException(ErrorCodes.ModelInvalid, $"{model.Path} names no token that ends an answer, so that none can be learnt to end. Set eos_token_id in its config.json.");

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellation">Stops between rows.</param>
    /// <exception cref="TrainingException">A line is no example, or there is nothing to learn.</exception>
    public TokenRows Read(string path, CancellationToken cancellation = default)
    {
        using var hash = SHA256.Create();
        List<TokenRow> rows = [];
        var leftOut = 0;
        var number = 0;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            using var hashed = new CryptoStream(file, hash, CryptoStreamMode.Read);
            using var reader = new StreamReader(hashed, StrictUtf8);
            while (reader.ReadLine() is { } line)
            {
                cancellation.ThrowIfCancellationRequested();
                number++;
                if (string.IsNullOrWhiteSpace(line))
                {
                    continue;
                }

                var row = Encode(Parse(path, number, line), path, number);
                if (row.Length > maxLength)
                {
                    leftOut++;
                }
                else
                {
                    rows.Add(row);
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException(ErrorCodes.DataInvalid, $"{path}: the file cannot be read: {error.Message}", error);
        }
        catch (DecoderFallbackException error)
        {
            throw new TrainingException(ErrorCodes.DataInvalid, $"{path}: the file is not UTF-8 (after line {number}). Save it as UTF-8.", error);
        }

        return rows.Count > 0 ? new TokenRows(rows, leftOut, Convert.ToHexStringLower(hash.Hash!)) : throw NothingToLearn(path, leftOut);
    }

    /// <summary>The tokens of one example.</summary>
    /// <param name="example">The example.</param>
    /// <param name="path">Its file, for messages.</param>
    /// <param name="line">Its line, for messages.</param>
    /// <exception cref="TrainingException">It has nothing to learn, or the template refuses it.</exception>
    public TokenRow Encode(TuningExample example, string path, int line)
    {
        Check(example, path, line);
        var asked = example.Label is null ? example.Messages.SkipLast(1) : example.Messages;
        int[] prompt;
        try
        {
            prompt = _prompt.Encode(asked.Select(m => new ChatMessage(new ChatRole(m.Role), m.Content)));
        }
        catch (ChatTemplateException error)
        {
            throw Invalid(path, line, $"the model's chat template refuses the conversation: {error.Message}");
        }

        return example.Label is { } label
            ? new TokenRow(prompt, prompt.Length, label)
            : new TokenRow([.. prompt, .. model.Tokenizer.Encode(example.Messages[^1].Content), _endToken], prompt.Length);
    }

    private static TuningExample Parse(string path, int line, string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, LandfallJsonContext.Default.TuningExample) ?? throw Invalid(path, line, "null is no example.");
        }
        catch (JsonException error)
        {
            throw Invalid(path, line, $"not an example, {{\"messages\": [{{\"role\": ..., \"content\": ...}}, ...]}}: {error.Message}");
        }
    }

    private void Check(TuningExample example, string path, int line)
    {
        if (example.Messages is not { Count: > 0 } messages || messages.Any(m => m?.Role is null || m.Content is null))
        {
            throw Invalid(path, line, "'messages' must be a list of at least one message, each with 'role' and 'content'.");
        }

        if (labels > 0 && example.Label is not { } label)
        {
            throw Invalid(path, line, $"'label' is missing: with labels, each example names one of 0 to {labels - 1}.");
        }

        if (labels > 0 && (example.Label < 0 || example.Label >= labels))
        {
            throw Invalid(path, line, $"'label' is {example.Label}, where there are {labels} labels, 0 to {labels - 1}.");
        }

        if (labels == 0 && example.Label is not null)
        {
            throw Invalid(path, line, "'label' is given, and the order has no labels.");
        }

        if (labels == 0 && (messages.Count < 2 || messages[^1].Role != "assistant"))
        {
            throw Invalid(path, line, "there is no answer to learn: the last message must be the 'assistant''s, and one must go before it.");
        }
    }

    private TrainingException NothingToLearn(string path, int leftOut) => new(ErrorCodes.DataInvalid, leftOut == 0
        ? $"{path}: there is nothing to learn: the file has no rows."
        : $"{path}: there is nothing to learn: all {leftOut} rows are longer than {maxLength} tokens. Raise max_length, take a base with a longer context, or shorten the rows.");

    private static TrainingException Invalid(string path, int line, string problem) => new(ErrorCodes.DataInvalid, $"{path}, line {line}: {problem}");
}
