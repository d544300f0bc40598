using Landfall.Protocol.Search;

namespace Landfall.Platform.Search;

/// <summary>Spaces as the API shows them, and back.</summary>
internal static class SearchRanges
{
    public static IReadOnlyList<SearchRange> Of(SearchSpace space) => [.. space.Settings.Select(Of)];

    public static SearchSpace ToSpace(IReadOnlyList<SearchRange> ranges) => new([.. ranges.Select(ToSetting)]);

    private static SearchRange Of(SearchSetting setting) => setting switch
    {
        NumberSetting number => new SearchRange { Name = number.Name, From = number.From, To = number.To, IsLog = number.IsLog, IsWhole = number.IsWhole },
        ChoiceSetting choice => new SearchRange { Name = choice.Name, Values = choice.Values },
        _ => throw new ArgumentException($"'{setting.Name}' is neither a number nor a choice.", nameof(setting)),
    };

    private static SearchSetting ToSetting(SearchRange range) => range.Values is { } values
        ? new ChoiceSetting(range.Name, values)
        : new NumberSetting(range.Name, range.From ?? 0, range.To ?? 0, range.IsLog, range.IsWhole);
}
