using Landfall.Protocol.Models;

namespace Landfall.Platform.Models;

/// <summary>What a model's name asks for.</summary>
/// <param name="Model">The model, or the base of the adapter.</param>
/// <param name="Adapter">The adapter that answers over it, if the name is an adapter's.</param>
public sealed record ResolvedModel(ModelSummary Model, ModelSummary? Adapter)
{
    /// <summary>The model or the adapter: what has the name.</summary>
    public ModelSummary Named => Adapter ?? Model;
}
