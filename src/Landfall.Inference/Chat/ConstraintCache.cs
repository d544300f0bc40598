using Landfall.Inference.Constraints;

namespace Landfall.Inference.Chat;

/// <summary>
/// Keeps the constraints used last: an application asks for the same form again and again, and what one request found out about
/// which tokens may follow serves the next. Safe for use by many threads.
/// </summary>
internal sealed class ConstraintCache
{
    private const int MaxKept = 8;

    private readonly Lock _lock = new();
    private readonly LinkedList<(string Key, ITokenConstraint Constraint)> _kept = [];

    /// <summary>A key for a kind of constraint and the texts that define it.</summary>
    public static string Key(string kind, params IEnumerable<string> texts) => JsonDocuments.Write(writer =>
    {
        writer.WriteStartArray();
        writer.WriteStringValue(kind);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }).GetRawText();

    /// <summary>The constraint of a key, compiled where it is not kept.</summary>
    public ITokenConstraint Get(string key, Func<ITokenConstraint> compile)
    {
        lock (_lock)
        {
            for (var node = _kept.First; node is not null; node = node.Next)
            {
                if (node.Value.Key == key)
                {
                    _kept.Remove(node);
                    _kept.AddFirst(node);
                    return node.Value.Constraint;
                }
            }
        }

        // Outside the lock: it may take long, and others go on. Two that compile the same both keep theirs for a while.
        var constraint = compile();
        lock (_lock)
        {
            _kept.AddFirst((key, constraint));
            if (_kept.Count > MaxKept)
            {
                _kept.RemoveLast();
            }
        }

        return constraint;
    }
}
