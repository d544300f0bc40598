using Landfall.Inference.Sampling;
using Landfall.Inference.Serving;
using Landfall.Inference.Tokenizers;
using Microsoft.Extensions.AI;

namespace Landfall.Platform.Gateway.Local;

/// <summary>The log-probabilities of an update's token, in OpenAI's form.</summary>
internal static class LocalProbabilities
{
    public static LocalTokenProbability? Of(ChatResponseUpdate update, TokenVocabulary vocabulary) =>
        update.RawRepresentation is GeneratedToken { LogProbabilities: { } found }
            ? new LocalTokenProbability(
                TextOf(found.Chosen, vocabulary), found.Chosen.LogProbability, BytesOf(found.Chosen, vocabulary),
                [.. found.Top.Select(t => new LocalTopToken(TextOf(t, vocabulary), t.LogProbability, BytesOf(t, vocabulary)))])
            : null;

    /// <summary>A token may be half a character; its bytes are told beside.</summary>
    private static string TextOf(TokenLogProbability token, TokenVocabulary vocabulary) =>
        vocabulary.IsSpecial(token.Token) ? vocabulary.Text(token.Token) : System.Text.Encoding.UTF8.GetString(vocabulary.Bytes(token.Token));

    private static IReadOnlyList<int> BytesOf(TokenLogProbability token, TokenVocabulary vocabulary)
    {
        var bytes = new List<int>();
        foreach (var value in vocabulary.Bytes(token.Token))
        {
            bytes.Add(value);
        }

        return bytes;
    }
}
