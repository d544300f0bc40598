using static TorchSharp.torch;

namespace Landfall.Training.Models;

/// <summary>What is trained of a decoder, and how it is written: all of it, or something small beside it.</summary>
internal abstract class Adaptation : IDisposable
{
    /// <summary>What is trained, in an order that does not change.</summary>
    public abstract IReadOnlyList<TrainedTensor> Trained { get; }

    /// <summary>Virtual tokens before each segment.</summary>
    public virtual int VirtualTokens => 0;

    /// <summary>Their embeddings, <c>[virtual tokens, hidden]</c> (prompt tuning).</summary>
    public virtual Tensor? Embeddings => null;

    /// <summary>Their keys and values in a layer, each <c>[virtual tokens, key-value heads, head]</c> (prefix tuning).</summary>
    public virtual (Tensor Keys, Tensor Values)? KeysAndValues(int layer) => null;

    /// <summary>Writes it.</summary>
    public abstract void Save(string folder);

    /// <summary>Frees what it holds beside the decoder.</summary>
    public virtual void Dispose()
    {
    }
}
