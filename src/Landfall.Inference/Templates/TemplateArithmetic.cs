using System.Numerics;

namespace Landfall.Inference.Templates;

/// <summary>Arithmetic with Python's rules: whole numbers stay whole but for /, // and % round down.</summary>
internal static class TemplateArithmetic
{
    private const int LongestRepetition = 1_000_000;

    /// <summary>- and +.</summary>
    public static object? Unary(TemplateRendering rendering, string sign, object? value) => value switch
    {
        bool or long => Whole(rendering, sign, 0, ToWhole(value)),
        double real => (object)(sign == "-" ? -real : real),
        _ => throw rendering.Fail($"{sign} is applied to {TemplateValue.Kind(value)}."),
    };

    /// <summary>+ - * / // % ** ~.</summary>
    public static object? Binary(TemplateRendering rendering, string sign, object? left, object? right)
    {
        switch (sign, left, right)
        {
            case ("~", _, _):
                return rendering.Made(TemplateValue.Print(rendering, left) + TemplateValue.Print(rendering, right));
            case ("+", string a, string b):
                return rendering.Made(a + b);
            case ("+", List<object?> a, List<object?> b):
                rendering.Charge(a.Count + b.Count);
                return a is TemplateTuple && b is TemplateTuple ? new TemplateTuple([.. a, .. b]) : new List<object?>([.. a, .. b]);
            case ("*", string or List<object?>, long or bool):
                return Repeat(rendering, left, ToWhole(right));
            case ("*", long or bool, string or List<object?>):
                return Repeat(rendering, right, ToWhole(left));
            case ("%", string format, _):
                return TemplateFormat.Percent(rendering, format, right is TemplateTuple several ? several : [right]);
            case (_, long or bool, long or bool):
                return Whole(rendering, sign, ToWhole(left), ToWhole(right));
            default:
                return left is not BigInteger && right is not BigInteger && TemplateValue.Number(left) is { } x && TemplateValue.Number(right) is { } y
                    ? Real(rendering, sign, x, y)
                    : throw rendering.Fail($"{sign} is not defined between {TemplateValue.Kind(left)} and {TemplateValue.Kind(right)}.");
        }
    }

    private static long ToWhole(object? value) => value is bool truth ? truth ? 1 : 0 : (long)value!;

    private static object Whole(TemplateRendering rendering, string sign, long left, long right)
    {
        if (right == 0 && sign is "/" or "//" or "%")
        {
            throw rendering.Fail("division by zero.");
        }

        try
        {
            return sign switch
            {
                "+" => (object)checked(left + right),
                "-" => checked(left - right),
                "*" => checked(left * right),
                "/" => (double)left / right,
                "//" => checked(left / right) - (left % right != 0 && left < 0 != right < 0 ? 1 : 0),
                "%" => right == -1 ? 0L : ((left % right) + right) % right,
                _ => right < 0 ? Math.Pow(left, right) : Power(left, right),
            };
        }
        catch (OverflowException)
        {
            throw rendering.Fail($"the result of {sign} is beyond 64 bits.");
        }
    }

    private static object Power(long left, long right) => left switch
    {
        0 or 1 => right == 0 ? 1L : left,
        -1 => right % 2 == 0 ? 1L : -1L,
        _ => checked((long)BigInteger.Pow(left, (int)Math.Min(right, 64))),
    };

    private static double Real(TemplateRendering rendering, string sign, double left, double right)
    {
        if (right == 0 && sign is "/" or "//" or "%")
        {
            throw rendering.Fail("division by zero.");
        }

        return sign switch
        {
            "+" => left + right,
            "-" => left - right,
            "*" => left * right,
            "/" => left / right,
            "//" => Math.Floor(left / right),
            "%" => left - (right * Math.Floor(left / right)),
            _ => Math.Pow(left, right),
        };
    }

    private static object Repeat(TemplateRendering rendering, object? value, long count)
    {
        var length = value is string text ? text.Length : ((List<object?>)value!).Count;
        count = length == 0 ? 0 : Math.Max(0, count);
        if (count > LongestRepetition / Math.Max(1, length))
        {
            throw rendering.Fail($"a repetition of more than {LongestRepetition} characters or elements.");
        }

        rendering.Charge(count * length);
        return value is string part ? string.Concat(Enumerable.Repeat(part, (int)count)) : Enumerable.Repeat((List<object?>)value!, (int)count).SelectMany(item => item).ToList();
    }
}
