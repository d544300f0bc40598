namespace Landfall.Retrieval.Text;

/// <summary>Receives the tokens of a text, in the text's order; a token may come several times.</summary>
/// <param name="token">Valid during the call only.</param>
public delegate void TokenHandler(ReadOnlySpan<char> token);

/// <summary>Cuts a text into the tokens by which it is found or classified. Safe for concurrent use.</summary>
public interface ITextAnalyzer
{
    /// <summary>The analyser with its settings, as saved beside an index: equal names give equal tokens.</summary>
    string Name { get; }

    /// <summary>Passes each token of the text to the handler.</summary>
    void Analyze(string text, TokenHandler onToken);
}

/// <summary>Conveniences over <see cref="ITextAnalyzer"/>.</summary>
public static class TextAnalyzerExtensions
{
    /// <summary>The tokens of a text as strings.</summary>
    public static IReadOnlyList<string> Tokens(this ITextAnalyzer analyzer, string text)
    {
        var tokens = new List<string>();
        analyzer.Analyze(text, token => tokens.Add(token.ToString()));
        return tokens;
    }
}
