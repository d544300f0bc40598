using System.Numerics.Tensors;

namespace Landfall.Inference.Constraints;

/// <summary>The answer is what one of two constraints allows; which one shows with its tokens.</summary>
internal sealed class EitherConstraint(ITokenConstraint first, ITokenConstraint second) : ITokenConstraint
{
    public ConstraintState Start() => new State([first.Start(), second.Start()]);

    /// <param name="open">What the answer may still become.</param>
    private sealed class State(List<ConstraintState> open) : ConstraintState
    {
        private ulong[] _allowed = [];

        public override bool CanEnd => open.Exists(s => s.CanEnd);

        public override bool MustEnd => open.TrueForAll(s => s.MustEnd);

        public override ReadOnlySpan<ulong> Allowed()
        {
            var words = open[0].Allowed();
            if (open.Count == 1)
            {
                return words;
            }

            if (_allowed.Length < words.Length)
            {
                _allowed = new ulong[words.Length];
            }

            words.CopyTo(_allowed);
            for (var index = 1; index < open.Count; index++)
            {
                TensorPrimitives.BitwiseOr(_allowed, open[index].Allowed(), _allowed);
            }

            return _allowed;
        }

        public override void Accept(int token)
        {
            open.RemoveAll(s => (s.Allowed()[token >> 6] >> (token & 63) & 1) == 0);
            open.ForEach(s => s.Accept(token));
        }
    }
}
