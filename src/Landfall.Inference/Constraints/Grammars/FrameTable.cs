namespace Landfall.Inference.Constraints.Grammars;

/// <summary>
/// The frames and configurations that a grammar remembers, so that equal ones are the same object and what was worked out for
/// one serves all requests. When it is full it forgets all; those in use stay valid.
/// </summary>
internal sealed class FrameTable
{
    private const int MaxEntries = 20_000;
    private const int MaxKeyBytes = 256 << 10;
    private int _keyBytes;
    private readonly Dictionary<(Element, int, KeySet?, Frame?), Frame> _frames = [];
    private readonly Dictionary<Configuration, Configuration> _configurations = new(SameLeaves.Instance);

    public Frame Intern(Element owner, int state, KeySet? keys, Frame? parent, int depth)
    {
        if (!_frames.TryGetValue((owner, state, keys, parent), out var frame))
        {
            frame = new Frame(owner, state, keys, parent, depth);
            _frames.Add((owner, state, keys, parent), frame);
        }

        return frame;
    }

    /// <summary>How often all was forgotten.</summary>
    public int Forgotten { get; private set; }

    /// <summary>Counts a further key, which the frames of its object hold on to.</summary>
    public void AddKey(byte[] key) => _keyBytes += key.Length;

    public Configuration Intern(Leaf[] leaves, bool ends)
    {
        if (leaves.Length == 0 && !ends)
        {
            return Configuration.Dead;
        }

        var candidate = new Configuration(leaves, ends);
        if (_configurations.TryGetValue(candidate, out var known))
        {
            return known;
        }

        if (_configurations.Count >= MaxEntries || _frames.Count >= MaxEntries || _keyBytes >= MaxKeyBytes)
        {
            Forgotten++;
            _keyBytes = 0;
            _configurations.Clear();
            _frames.Clear();
        }

        _configurations.Add(candidate, candidate);
        return candidate;
    }

    private sealed class SameLeaves : IEqualityComparer<Configuration>
    {
        public static SameLeaves Instance { get; } = new();

        public bool Equals(Configuration? x, Configuration? y) => x!.Ends == y!.Ends && x.Leaves.AsSpan().SequenceEqual(y.Leaves);

        public int GetHashCode(Configuration obj)
        {
            var hash = default(HashCode);
            hash.Add(obj.Ends);
            foreach (var leaf in obj.Leaves)
            {
                hash.Add(leaf);
            }

            return hash.ToHashCode();
        }
    }
}
