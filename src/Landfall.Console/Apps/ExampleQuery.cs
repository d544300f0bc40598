using Landfall.Console.Layout;

namespace Landfall.Console.Apps;

/// <summary>Which examples are shown. It lives in the page's address, so that a selection can be linked to and works without a circuit.</summary>
public sealed record ExampleQuery
{
    /// <summary>Examples on a page.</summary>
    public const int PageSize = 20;

    private static readonly string[] Filters = ["all", "wrong", "right"];

    /// <summary>Whose answers.</summary>
    public required string Candidate { get; init; }

    /// <summary><c>all</c>, <c>wrong</c>, or <c>right</c>.</summary>
    public string Filter { get; init; } = "all";

    /// <summary>Only rows with this expected output, when given.</summary>
    public string? Expected { get; init; }

    /// <summary>Only rows with this answer, when given.</summary>
    public string? Got { get; init; }

    /// <summary>From 1.</summary>
    public int Page { get; init; } = 1;

    /// <summary>Rows before this page.</summary>
    public long Offset => (long)(Page - 1) * PageSize;

    /// <summary>Reads the parts of an address; what makes no sense is taken as not given.</summary>
    public static ExampleQuery Parse(string? candidate, string? filter, string? expected, string? got, int? page, IReadOnlyList<string> candidates, string preferred) => new()
    {
        Candidate = candidate is not null && candidates.Contains(candidate) ? candidate : preferred,
        Filter = filter is not null && Filters.Contains(filter) ? filter : "all",
        Expected = string.IsNullOrEmpty(expected) ? null : expected,
        Got = string.IsNullOrEmpty(got) ? null : got,
        Page = Math.Max(1, page ?? 1),
    };

    /// <summary>The address of this selection.</summary>
    /// <param name="app">The app.</param>
    public string Href(string app)
    {
        var query = $"candidate={Uri.EscapeDataString(Candidate)}";
        query += Filter == "all" ? "" : $"&filter={Filter}";
        query += Expected is null ? "" : $"&expected={Uri.EscapeDataString(Expected)}";
        query += Got is null ? "" : $"&got={Uri.EscapeDataString(Got)}";
        query += Page == 1 ? "" : FormattableString.Invariant($"&page={Page}");
        return $"{Address.App(app)}?{query}#examples";
    }
}
