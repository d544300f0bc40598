using System.Text;
using System.Text.Json;

namespace Landfall.Platform.Candidates.Techniques.Prompting;

/// <summary>Finds the label in what a model says.</summary>
internal sealed class LabelReading(IReadOnlyList<string> labels)
{
    private readonly Dictionary<string, string> _plain = labels.GroupBy(Plain, StringComparer.Ordinal).Where(g => g.Count() == 1 && g.Key.Length > 0).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
    private readonly HashSet<string> _labels = new(labels, StringComparer.Ordinal);

    /// <summary>The label that the answer is, or that it names as the only one; null when there is none, or several.</summary>
    public string? Read(string answer)
    {
        var trimmed = answer.Trim();
        if (_labels.Contains(trimmed))
        {
            return trimmed;
        }

        if (_plain.TryGetValue(Plain(trimmed), out var label))
        {
            return label;
        }

        return InJson(trimmed) is { } inner && _plain.TryGetValue(Plain(inner), out label) ? label : Only(trimmed);
    }

    /// <summary>The one label that is named in a sentence; a name within a longer name that is there too does not count.</summary>
    private string? Only(string answer)
    {
        var text = $" {Plain(answer)} ";
        var named = _plain.Where(l => text.Contains($" {l.Key} ", StringComparison.Ordinal)).ToList();
        var longest = named.Where(l => !named.Exists(o => o.Key.Length > l.Key.Length && $" {o.Key} ".Contains($" {l.Key} ", StringComparison.Ordinal))).ToList();
        return longest.Count == 1 ? longest[0].Value : null;
    }

    /// <summary>The one text value of a small JSON object, such as <c>{"label": "billing"}</c>.</summary>
    private static string? InJson(string answer)
    {
        if (!answer.StartsWith('{'))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(answer);
            var texts = document.RootElement.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.String).ToList();
            return texts.Count == 1 ? texts[0].Value.GetString() : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Letters and digits in lower case, all else one space.</summary>
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c))
            {
                plain.Append(char.ToLowerInvariant(c));
            }
            else if (plain.Length > 0 && plain[^1] != ' ')
            {
                plain.Append(' ');
            }
        }

        return plain.ToString().TrimEnd();
    }
}
