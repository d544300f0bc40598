namespace Landfall.Inference.Constraints;

/// <summary>
/// What an answer may be, compiled against a vocabulary. Immutable and safe for use by many requests at once; each takes a
/// <see cref="ConstraintState"/> of its own.
/// </summary>
public interface ITokenConstraint
{
    /// <summary>The state before the first token.</summary>
    ConstraintState Start();
}

/// <summary>How far one answer has come.</summary>
public abstract class ConstraintState
{
    /// <summary>Whether the answer may end here. End tokens are then allowed too.</summary>
    public abstract bool CanEnd { get; }

    /// <summary>Whether nothing but the end may follow.</summary>
    public abstract bool MustEnd { get; }

    /// <summary>
    /// The tokens that may follow, one bit per token id, lowest bit first; end tokens are not among them. The words stay
    /// valid until the state moves.
    /// </summary>
    public abstract ReadOnlySpan<ulong> Allowed();

    /// <summary>Moves on by a token that was allowed.</summary>
    public abstract void Accept(int token);
}
