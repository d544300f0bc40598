using Landfall.Platform.Search.Methods;

namespace Landfall.Platform.Search;

/// <summary>The search methods, by name.</summary>
public sealed class SearchMethods(IEnumerable<ISearchMethod> methods)
{
    /// <summary>The method of a search that names none.</summary>
    public const string Default = "tpe";

    private readonly IReadOnlyList<ISearchMethod> _methods = [.. methods];

    /// <summary>The methods that Landfall brings. A method more is one line more.</summary>
    public static SearchMethods BuiltIn { get; } = new(
    [
        new TreeParzenSearch(),
        new RandomSearch(),
        new HalvingSearch("asha", new RandomSearch()),
        new HalvingSearch("asha-tpe", new TreeParzenSearch()),
    ]);

    public IReadOnlyList<string> Names => [.. _methods.Select(method => method.Name)];

    public ISearchMethod? Find(string name) => _methods.FirstOrDefault(method => method.Name == name);
}
