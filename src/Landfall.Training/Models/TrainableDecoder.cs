using Landfall.Inference.Models;
using Landfall.Inference.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Landfall.Training.Models;

/// <summary>A decoder with what is trained of it, and a classification head where there are labels.</summary>
public sealed class TrainableDecoder : ITrainable
{
    private readonly Decoder _decoder;
    private readonly Adaptation _adaptation;
    private readonly ClassificationHead? _head;
    private readonly Rotation _rotation;

    internal TrainableDecoder(Decoder decoder, Adaptation adaptation, ClassificationHead? head)
    {
        (_decoder, _adaptation, _head, _rotation) = (decoder, adaptation, head, new Rotation(decoder.Config));
        Trained = [.. adaptation.Trained, .. head?.Trained ?? []];
        foreach (var tensor in Trained)
        {
            tensor.Value.requires_grad_(true);
        }
    }

    /// <summary>The decoder's shape.</summary>
    public ModelConfig Config => _decoder.Config;

    /// <inheritdoc/>
    public IReadOnlyList<TrainedTensor> Trained { get; }

    /// <inheritdoc/>
    public Tensor Loss(TokenBatch batch, bool training)
    {
        using var scope = NewDisposeScope();
        if (_head is not null)
        {
            var labels = batch.Labels ?? throw new InvalidOperationException("The batch has no labels for the classification head.");
            return nn.functional.cross_entropy(Classify(batch, training), labels, reduction: nn.Reduction.Sum).MoveToOuterDisposeScope();
        }

        var input = PackedInput.Of(batch, _rotation, _adaptation.VirtualTokens, _adaptation.Embeddings is not null);
        var targets = batch.Targets.view(-1);
        var places = targets.ne(TokenBatch.NoTarget).nonzero().view(-1);
        var rows = tensor(input.Rows, device: places.device).index_select(0, places);
        var hidden = _decoder.Forward(batch.Tokens, input, _adaptation, rows, training);
        return _decoder.CrossEntropy(hidden, targets.index_select(0, places)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Classify(TokenBatch batch)
    {
        using var scope = NewDisposeScope();
        return Classify(batch, training: false).MoveToOuterDisposeScope();
    }

    /// <summary>Logits of all tokens, <c>[rows, length, vocabulary]</c>, F32.</summary>
    public Tensor Logits(TokenBatch batch)
    {
        using var scope = NewDisposeScope();
        var input = PackedInput.Of(batch, _rotation, _adaptation.VirtualTokens, _adaptation.Embeddings is not null);
        var hidden = _decoder.Forward(batch.Tokens, input, _adaptation, tensor(input.Rows, device: batch.Tokens.device), training: false);
        return _decoder.Project(hidden).view(batch.Tokens.shape[0], batch.Tokens.shape[1], -1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Save(string folder)
    {
        _adaptation.Save(folder);
        _head?.Save(folder);
    }

    /// <summary>Writes the base with LoRA's pairs multiplied out and added: a model of its own, as a Hugging Face folder.</summary>
    /// <param name="folder">The folder; it is made.</param>
    /// <param name="type">The type of matrices; null: the base's. In BF16 each sum is rounded to 8 bits.</param>
    /// <exception cref="InvalidOperationException">It is not trained by LoRA.</exception>
    public void Merge(string folder, TensorType? type = null)
    {
        var lora = _adaptation as LoraTuning ?? throw new InvalidOperationException("Only what LoRA trains can be merged into the base.");
        lora.Merge(folder, type);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _decoder.Dispose();
        _adaptation.Dispose();
        _head?.Dispose();
    }

    private Tensor Classify(TokenBatch batch, bool training)
    {
        var head = _head ?? throw new InvalidOperationException("The model has no classification head.");
        var input = PackedInput.Of(batch, _rotation, _adaptation.VirtualTokens, _adaptation.Embeddings is not null);
        var segments = batch.Segments.view(-1);
        var places = segments.ge(0).nonzero().view(-1);
        var rows = tensor(input.Rows, device: places.device).index_select(0, places);
        var hidden = _decoder.Forward(batch.Tokens, input, _adaptation, rows, training);
        return head.Forward(hidden, segments.index_select(0, places), batch.SegmentCount);
    }
}
