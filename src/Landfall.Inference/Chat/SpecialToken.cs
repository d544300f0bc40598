using Landfall.Inference.Tokenizers;

namespace Landfall.Inference.Chat;

/// <summary>Marks of a family that are special tokens of a vocabulary, and so no text.</summary>
internal static class SpecialToken
{
    /// <summary>The special token of that name; null: the mark is written as text, or by a token that is text.</summary>
    public static int? Find(TokenVocabulary vocabulary, string mark)
    {
        for (var token = 0; token < vocabulary.Count; token++)
        {
            if (vocabulary.Bytes(token).IsEmpty && vocabulary.Text(token) == mark)
            {
                return token;
            }
        }

        return null;
    }
}
