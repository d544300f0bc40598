namespace Landfall.Inference.Chat;

/// <summary>
/// An answer that is a call if it is a JSON object with a name, as Llama 3 writes them; several are parted by semicolons. What
/// cannot become a call is given out at once.
/// </summary>
/// <param name="mark">What may stand before the object.</param>
/// <param name="tools">Names of the tools that may be called.</param>
internal sealed class JsonOutputParser(string mark, IReadOnlyCollection<string> tools) : IOutputParser
{
    private static readonly string[] Keys = ["name", "type", "function", "id", "parameters", "arguments"];
    private string _held = "";
    private bool _isText;

    public IReadOnlyList<OutputPiece> Append(string text)
    {
        if (_isText)
        {
            return [new TextPiece(text)];
        }

        _held += text;
        if (MayBeCall(_held))
        {
            return [];
        }

        return [new TextPiece(Release())];
    }

    public IReadOnlyList<OutputPiece> Flush()
    {
        if (_isText || _held.Length == 0)
        {
            return [];
        }

        var body = Body(_held);
        var calls = ToolCallJson.Read(body, tools);
        calls = calls.Count > 0 ? calls : ToolCallJson.Read($"[{JoinObjects(body)}]", tools);
        return calls.Count > 0 ? calls : [new TextPiece(Release())];
    }

    private string Release()
    {
        var text = _held;
        (_held, _isText) = ("", true);
        return text;
    }

    private string Body(string text)
    {
        var body = text.AsSpan().Trim();
        return (body.StartsWith(mark, StringComparison.Ordinal) ? body[mark.Length..].Trim() : body).ToString();
    }

    private bool MayBeCall(string text)
    {
        var start = text.AsSpan().TrimStart();
        if (start.Length < mark.Length && mark.AsSpan().StartsWith(start, StringComparison.Ordinal))
        {
            return true;
        }

        var body = Body(text).AsSpan();
        if (body.IsEmpty)
        {
            return true;
        }

        if (body[0] != '{')
        {
            return false;
        }

        var key = body[1..].TrimStart();
        if (key.IsEmpty)
        {
            return true;
        }

        foreach (var name in Keys)
        {
            var quoted = $"\"{name}\"";
            if (key.StartsWith(quoted, StringComparison.Ordinal) || quoted.AsSpan().StartsWith(key, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    // Semicolons between objects, but not those within strings, become commas.
    private static string JoinObjects(string body)
    {
        var text = body.ToCharArray();
        var (depth, inString) = (0, false);
        for (var index = 0; index < text.Length; index++)
        {
            switch (text[index])
            {
                case '\\' when inString:
                    index++;
                    break;
                case '"':
                    inString = !inString;
                    break;
                case '{' or '}' when !inString:
                    depth += text[index] == '{' ? 1 : -1;
                    break;
                case ';' when !inString && depth == 0:
                    text[index] = ',';
                    break;
            }
        }

        return new string(text);
    }
}
