namespace Landfall.Inference.Constraints;

/// <summary>One token, which may be a special one, and then what another constraint allows.</summary>
/// <param name="token">The token.</param>
/// <param name="rest">What follows it.</param>
/// <param name="tokens">The vocabulary's count.</param>
internal sealed class LeadingTokenConstraint(int token, ITokenConstraint rest, int tokens) : ITokenConstraint
{
    private readonly ulong[] _mask = MaskOf(token, tokens);

    public ConstraintState Start() => new State(this);

    private static ulong[] MaskOf(int token, int tokens)
    {
        var mask = new ulong[(tokens + 63) / 64];
        mask[token >> 6] |= 1UL << token;
        return mask;
    }

    private sealed class State(LeadingTokenConstraint constraint) : ConstraintState
    {
        private readonly int _token = constraint.Token;
        private readonly ulong[] _mask = constraint._mask;
        private readonly ConstraintState _rest = constraint.Rest.Start();
        private bool _begun;

        public override bool CanEnd => _begun && _rest.CanEnd;

        public override bool MustEnd => _begun && _rest.MustEnd;

        public override ReadOnlySpan<ulong> Allowed() => _begun ? _rest.Allowed() : _mask;

        public override void Accept(int token)
        {
            if (_begun)
            {
                _rest.Accept(token);
                return;
            }

            _begun = token == _token ? true : throw new ArgumentException($"Token {token} was not the one that the constraint begins with, {_token}.", nameof(token));
        }
    }

    private int Token => token;

    private ITokenConstraint Rest => rest;
}
