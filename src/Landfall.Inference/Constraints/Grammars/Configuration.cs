using System.Runtime.InteropServices;
using Landfall.Inference.Constraints.Automata;

namespace Landfall.Inference.Constraints.Grammars;

/// <summary>One way in which a text may go on: an automaton in a state, and what follows when it is finished.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Leaf(ByteAutomaton Automaton, int State, Frame? Parent);

/// <summary>All ways in which a text may go on. Equal ones are the same object, as far as the grammar's memory goes.</summary>
internal sealed class Configuration(Leaf[] leaves, bool ends)
{
    /// <summary>No way on.</summary>
    public static Configuration Dead { get; } = new([], false);

    public Leaf[] Leaves { get; } = leaves;

    /// <summary>Whether the text may end here.</summary>
    public bool Ends { get; } = ends;

    /// <summary>By byte: where it leads; null where that is not known yet. Null as a whole before the first is known.</summary>
    public Configuration?[]? Next { get; set; }
}
