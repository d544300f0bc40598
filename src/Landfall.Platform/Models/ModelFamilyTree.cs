using Landfall.Protocol.Models;

namespace Landfall.Platform.Models;

/// <summary>What was made from what. A model that was made from another knows that one's content, so a name may go to another model.</summary>
internal static class ModelFamilyTree
{
    public static ModelDetail Of(ModelSummary model, ModelMemory memory, IReadOnlyList<ModelSummary> all)
    {
        var ancestors = new List<ModelSummary>();
        for (var next = ParentOf(model, all); next is not null && !ancestors.Contains(next); next = ParentOf(next, all))
        {
            ancestors.Add(next);
        }

        var related = model.Lineage.FromHash;
        return new ModelDetail(
            model,
            memory,
            ancestors,
            [.. all.Where(m => m.Lineage.FromHash == model.Hash && m.Name != model.Name)],
            [.. all.Where(m => related is not null && m.Lineage.FromHash == related && m.Name != model.Name)]);
    }

    private static ModelSummary? ParentOf(ModelSummary model, IReadOnlyList<ModelSummary> all) =>
        model.Lineage.FromHash is { } hash ? all.FirstOrDefault(m => m.Hash == hash && m.Name == model.Lineage.From) ?? all.FirstOrDefault(m => m.Hash == hash) : null;
}
