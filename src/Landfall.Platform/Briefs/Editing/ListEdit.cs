using YamlDotNet.RepresentationModel;
using Node = YamlDotNet.RepresentationModel.YamlNode;

namespace Landfall.Platform.Briefs.Editing;

/// <summary>A step from one list to another.</summary>
/// <param name="Index">The item of the old list that is replaced or removed, or after which one is added; -1: before all.</param>
/// <param name="IsKept">Whether the old item stays in its place, as <paramref name="Item"/>.</param>
/// <param name="Item">The new item; null: the old one is removed.</param>
internal sealed record ListStep<T>(int Index, bool IsKept, T? Item)
    where T : class
{
    public void Make(YamlSpans spans, YamlSequenceNode list, Func<T, string> write, Action<Node, T> change)
    {
        if (Item is null)
        {
            spans.RemoveItem(list, Index);
        }
        else if (IsKept)
        {
            change(list.Children[Index], Item);
        }
        else
        {
            spans.InsertItem(list, Index, write(Item));
        }
    }
}

/// <summary>The fewest changes that make one list into another (Wagner and Fischer), so that items keep what only their text has.</summary>
internal static class ListEdit
{
    public static IReadOnlyList<ListStep<T>> Between<T>(IReadOnlyList<T> before, IReadOnlyList<T> after, bool mayReplace = true)
        where T : class
    {
        var cost = new int[before.Count + 1, after.Count + 1];
        for (var i = 0; i <= before.Count; i++)
        {
            for (var j = 0; j <= after.Count; j++)
            {
                cost[i, j] = (i, j) switch
                {
                    (0, _) => j,
                    (_, 0) => i,
                    _ => Math.Min(cost[i - 1, j - 1] + Change(before[i - 1], after[j - 1], mayReplace), 1 + Math.Min(cost[i - 1, j], cost[i, j - 1])),
                };
            }
        }

        var steps = new List<ListStep<T>>();
        for (var (i, j) = (before.Count, after.Count); i > 0 || j > 0;)
        {
            if (i > 0 && j > 0 && cost[i, j] == cost[i - 1, j - 1] + Change(before[i - 1], after[j - 1], mayReplace))
            {
                (i, j) = (i - 1, j - 1);
                if (!before[i].Equals(after[j]))
                {
                    steps.Add(new ListStep<T>(i, IsKept: true, after[j]));
                }
            }
            else if (i > 0 && cost[i, j] == cost[i - 1, j] + 1)
            {
                steps.Add(new ListStep<T>(--i, IsKept: false, Item: null));
            }
            else
            {
                steps.Add(new ListStep<T>(i - 1, IsKept: false, after[--j]));
            }
        }

        steps.Reverse();
        return steps;
    }

    private static int Change<T>(T a, T b, bool mayReplace)
        where T : class => a.Equals(b) ? 0 : mayReplace ? 1 : 3;
}
