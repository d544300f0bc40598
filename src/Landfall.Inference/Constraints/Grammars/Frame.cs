namespace Landfall.Inference.Constraints.Grammars;

/// <summary>
/// An element that is not finished while one of its parts is being written: what follows that part. Frames are linked
/// to what encloses them, and equal ones are the same object.
/// </summary>
internal sealed class Frame(Element owner, int state, KeySet? keys, Frame? parent, int depth)
{
    public Element Owner { get; } = owner;

    /// <summary>How far the owner has come, in its own terms.</summary>
    public int State { get; } = state;

    /// <summary>The keys that an object may not use again.</summary>
    public KeySet? Keys { get; } = keys;

    public Frame? Parent { get; } = parent;

    /// <summary>Arrays and objects that are open.</summary>
    public int Depth { get; } = depth;

    /// <summary>What is reached when the part is finished; worked out on first use.</summary>
    public Configuration? After { get; set; }
}
