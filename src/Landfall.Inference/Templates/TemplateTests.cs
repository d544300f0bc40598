using System.Numerics;

namespace Landfall.Inference.Templates;

/// <summary>The tests of Jinja.</summary>
internal static class TemplateTests
{
    /// <summary>A test, or null for a name that is none.</summary>
    public static TemplateTest? Find(string name) => name switch
    {
        "defined" => (_, value, _) => value is not TemplateUndefined,
        "undefined" => (_, value, _) => value is TemplateUndefined,
        "none" => (_, value, _) => value is null,
        "string" => (_, value, _) => value is string,
        "mapping" => (_, value, _) => value is TemplateMap,
        "iterable" => (_, value, _) => value is string or List<object?> or TemplateMap or TemplateUndefined,
        "sequence" => (_, value, _) => value is string or List<object?> or TemplateMap or TemplateUndefined,
        "number" => (_, value, _) => value is bool or long or double or BigInteger,
        "integer" => (_, value, _) => value is long or BigInteger,
        "float" => (_, value, _) => value is double,
        "boolean" => (_, value, _) => value is bool,
        "true" => (_, value, _) => value is true,
        "false" => (_, value, _) => value is false,
        "callable" => (_, value, _) => value is TemplateFunction,
        "even" => (rendering, value, _) => Remainder(rendering, value, 2) == 0,
        "odd" => (rendering, value, _) => Remainder(rendering, value, 2) != 0,
        "divisibleby" => (rendering, value, arguments) => Remainder(rendering, value, arguments.Whole(rendering, 0, "num", 1)) == 0,
        "lower" => (rendering, value, _) => rendering.Made(TemplateValue.Print(rendering, value)) is var text && text.Any(char.IsLower) && !text.Any(char.IsUpper),
        "upper" => (rendering, value, _) => rendering.Made(TemplateValue.Print(rendering, value)) is var text && text.Any(char.IsUpper) && !text.Any(char.IsLower),
        "in" => (rendering, value, arguments) => TemplateAccess.Contains(rendering, arguments.Get(0, "seq"), value),
        "sameas" => SameAs,
        "eq" or "equalto" or "==" => (rendering, value, arguments) => TemplateValue.AreEqual(rendering, value, arguments.Get(0, "other")),
        "ne" or "!=" => (rendering, value, arguments) => !TemplateValue.AreEqual(rendering, value, arguments.Get(0, "other")),
        "lt" or "lessthan" or "<" => (rendering, value, arguments) => TemplateValue.Compare(rendering, value, arguments.Get(0, "other")) < 0,
        "le" or "<=" => (rendering, value, arguments) => TemplateValue.Compare(rendering, value, arguments.Get(0, "other")) <= 0,
        "gt" or "greaterthan" or ">" => (rendering, value, arguments) => TemplateValue.Compare(rendering, value, arguments.Get(0, "other")) > 0,
        "ge" or ">=" => (rendering, value, arguments) => TemplateValue.Compare(rendering, value, arguments.Get(0, "other")) >= 0,
        "filter" => (_, value, _) => value is string filter && TemplateFilters.Find(filter) is not null,
        "test" => (_, value, _) => value is string test && Find(test) is not null,
        _ => null,
    };

    private static bool SameAs(TemplateRendering rendering, object? value, TemplateArguments arguments)
    {
        rendering.ChargeGlance(value);
        var other = arguments.Get(0, "other");
        return ReferenceEquals(value, other) || (value is bool or null or long or string && Equals(value, other));
    }

    private static long Remainder(TemplateRendering rendering, object? value, long divisor) =>
        value is bool or long && TemplateArithmetic.Binary(rendering, "%", value, divisor) is long remainder ? remainder
        : throw rendering.Fail($"{TemplateValue.Kind(value)} was found, where a whole number is expected.");
}
