using System.Text;

namespace Landfall.Benchmarks;

/// <summary>Texts of made-up words whose frequencies fall off as in a language (Zipf), seeded.</summary>
internal sealed class DatasetsSentences
{
    private readonly Random _random;
    private readonly string[] _words;

    public DatasetsSentences(int seed, int vocabulary = 20_000)
    {
        _random = new Random(seed);
        _words = new string[vocabulary];
        for (var i = 0; i < vocabulary; i++)
        {
            _words[i] = Word();
        }
    }

    /// <summary>A word drawn with a probability of about one over its rank.</summary>
    public string NextWord() => _words[(int)Math.Pow(_words.Length, _random.NextDouble()) - 1];

    public int Next(int below) => _random.Next(below);

    public string Text(int words)
    {
        var text = new StringBuilder();
        for (var i = 0; i < words; i++)
        {
            text.Append(i == 0 ? "" : " ").Append(NextWord());
        }

        return text.ToString();
    }

    private string Word()
    {
        var word = new StringBuilder();
        var syllables = 1 + _random.Next(3);
        for (var i = 0; i < syllables; i++)
        {
            word.Append("bcdfghjklmnprstvwz"[_random.Next(18)]).Append("aeiou"[_random.Next(5)]).Append(_random.Next(3) == 0 ? "nrst"[_random.Next(4)].ToString() : "");
        }

        return word.ToString();
    }
}
