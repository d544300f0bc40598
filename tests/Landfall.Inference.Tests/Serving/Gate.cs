using Landfall.Inference.Constraints;

namespace Landfall.Inference.Serving;

/// <summary>Lets one more token of all answers through each time it is opened: tests that look at an engine at work need it to wait.</summary>
internal sealed class Gate(int vocabulary) : ITokenConstraint, IDisposable
{
    private readonly SemaphoreSlim _tokens = new(0);
    private readonly ulong[] _all = [.. Enumerable.Repeat(ulong.MaxValue, (vocabulary + 63) / 64)];

    public void Open(int tokens) => _tokens.Release(tokens);

    public ConstraintState Start() => new State(this);

    public void Dispose() => _tokens.Dispose();

    private sealed class State(Gate gate) : ConstraintState
    {
        public override bool CanEnd => false;

        public override bool MustEnd => false;

        public override ReadOnlySpan<ulong> Allowed()
        {
            gate._tokens.Wait();
            return gate._all;
        }

        public override void Accept(int token)
        {
        }
    }
}
