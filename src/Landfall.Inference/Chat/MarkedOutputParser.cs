using Landfall.Inference.Serving;

namespace Landfall.Inference.Chat;

/// <summary>
/// Tells text, thoughts and calls apart by the marks around them. Text that may be the beginning of a mark waits for what comes;
/// white space between text and marks is left out. A call that cannot be read is given out as the text that it is.
/// </summary>
internal sealed class MarkedOutputParser(OutputMarks marks, IReadOnlyCollection<string> tools, bool beginsInThought) : IOutputParser
{
    private readonly List<OutputPiece> _pieces = [];
    private string _held = "";
    private string _space = "";
    private bool _atStart = beginsInThought;
    private bool _hasText;
    private Part _part = beginsInThought ? Part.Thought : Part.Text;

    private enum Part
    {
        Text,
        Thought,
        Call,
    }

    public IReadOnlyList<OutputPiece> Append(string text)
    {
        _held += text;
        while (Advance())
        {
        }

        return Take();
    }

    public IReadOnlyList<OutputPiece> Flush()
    {
        if (_part == Part.Call)
        {
            AddCalls(_held, end: "");
        }
        else
        {
            Add(_held);
        }

        AddSpace();
        _held = "";
        return Take();
    }

    // Whether there may be more to tell apart in what is held.
    private bool Advance() => _part switch
    {
        Part.Text => AdvanceText(),
        Part.Thought => AdvanceThought(),
        _ => AdvanceCall(),
    };

    private bool AdvanceText()
    {
        // An answer thinks before it speaks; where it names the mark later on, it means it as text.
        var thinks = !_hasText && _held.AsSpan().TrimStart().StartsWith(OutputMarks.Think, StringComparison.Ordinal);
        var think = thinks ? _held.IndexOf(OutputMarks.Think, StringComparison.Ordinal) : -1;
        var call = marks.Call is null ? -1 : _held.IndexOf(marks.Call, StringComparison.Ordinal);
        if (think < 0 && call < 0)
        {
            Release(_hasText ? null : OutputMarks.Think, marks.Call);
            return false;
        }

        var isCall = call >= 0 && (think < 0 || call < think);
        Enter(isCall ? Part.Call : Part.Thought, isCall ? call : think, isCall ? marks.Call! : OutputMarks.Think);
        return true;
    }

    private bool AdvanceThought()
    {
        var end = _held.IndexOf(OutputMarks.ThinkEnd, StringComparison.Ordinal);
        if (end < 0)
        {
            Release(OutputMarks.ThinkEnd, null);
            return false;
        }

        Enter(Part.Text, end, OutputMarks.ThinkEnd);
        return true;
    }

    private bool AdvanceCall()
    {
        if (marks.CallEnd is null || EndOfCall(marks.CallEnd) is not (>= 0 and var end))
        {
            return false;
        }

        AddCalls(_held[..end], marks.CallEnd);
        _held = _held[(end + marks.CallEnd.Length)..];
        (_part, _atStart) = (Part.Text, true);
        return true;
    }

    // The first mark that does not stand within a string of the call.
    private int EndOfCall(string mark)
    {
        var inString = false;
        for (var index = 0; index < _held.Length; index++)
        {
            if (inString && _held[index] == '\\')
            {
                index++;
            }
            else if (_held[index] == '"')
            {
                inString = !inString;
            }
            else if (!inString && _held.AsSpan(index).StartsWith(mark, StringComparison.Ordinal))
            {
                return index;
            }
        }

        return -1;
    }

    private void Enter(Part part, int place, string mark)
    {
        Add(_held[..place]);
        _space = "";
        _held = _held[(place + mark.Length)..];
        (_part, _atStart) = (part, true);
    }

    private void AddCalls(string json, string end)
    {
        var calls = ToolCallJson.Read(json, tools);
        if (calls.Count > 0)
        {
            _pieces.AddRange(calls);
        }
        else
        {
            _pieces.Add(new TextPiece(marks.Call + json + end));
        }
    }

    // Gives out all but what may be the beginning of a mark.
    private void Release(string? mark, string? other)
    {
        var kept = Math.Max(mark is null ? 0 : StopTexts.Beginning(_held, mark), other is null ? 0 : StopTexts.Beginning(_held, other));
        Add(_held[..^kept]);
        _held = _held[^kept..];
    }

    // White space waits until something comes after it in the same part.
    private void Add(string text)
    {
        var all = _space + text;
        all = _atStart ? all.TrimStart() : all;
        var shown = all.TrimEnd();
        _space = all[shown.Length..];
        if (shown.Length > 0)
        {
            _hasText |= _part == Part.Text;
            _pieces.Add(_part == Part.Thought ? new ReasoningPiece(shown) : new TextPiece(shown));
            _atStart = false;
        }
    }

    private void AddSpace()
    {
        if (_space.Length > 0 && _part == Part.Text)
        {
            _pieces.Add(new TextPiece(_space));
        }

        _space = "";
    }

    private OutputPiece[] Take()
    {
        var pieces = _pieces.ToArray();
        _pieces.Clear();
        return pieces;
    }
}
