using System.Collections;
using System.Reflection;
using System.Text.Json;

namespace Landfall.Protocol.Tests;

/// <summary>Makes values of any record of the protocol: every property filled by a seed, optional ones sometimes left out.</summary>
internal sealed class RecordGenerator(int seed)
{
    private static readonly NullabilityInfoContext Nullability = new();
    private static readonly string[] Texts = ["", "a", "网络 很慢", "\u0000\"\\\n\u2028", "😀é", "null", "<script>", "0.1"];
    private readonly Random _random = new(seed);

    public object Create(Type type)
    {
        var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
        var record = constructor.Invoke([.. constructor.GetParameters().Select(p => Value(p.ParameterType, IsOptional(p)))]);
        foreach (var property in type.GetProperties().Where(p => p.SetMethod is not null && !constructor.GetParameters().Any(c => c.Name == p.Name)))
        {
            property.SetValue(record, Value(property.PropertyType, IsOptional(property)));
        }

        return record;
    }

    private static bool IsOptional(ParameterInfo parameter)
    {
        lock (Nullability)
        {
            return Nullability.Create(parameter).WriteState == NullabilityState.Nullable;
        }
    }

    private static bool IsOptional(PropertyInfo property)
    {
        lock (Nullability)
        {
            return Nullability.Create(property).WriteState == NullabilityState.Nullable;
        }
    }

    private object? Value(Type type, bool optional)
    {
        if (optional && _random.Next(3) == 0)
        {
            return null;
        }

        type = Nullable.GetUnderlyingType(type) ?? type;
        return type switch
        {
            _ when type == typeof(string) => Texts[_random.Next(Texts.Length)],
            _ when type == typeof(bool) => _random.Next(2) == 0,
            _ when type == typeof(int) => _random.Next(int.MinValue, int.MaxValue),
            _ when type == typeof(long) => _random.NextInt64(long.MinValue, long.MaxValue),
            _ when type == typeof(double) => (_random.NextDouble() - 0.5) * Math.Pow(10, _random.Next(-20, 20)),
            _ when type == typeof(decimal) => (decimal)_random.Next() / 1000,
            _ when type == typeof(DateTimeOffset) => DateTimeOffset.UnixEpoch.AddMilliseconds(_random.NextInt64(4_000_000_000_000)),
            _ when type == typeof(JsonElement) => JsonSerializer.SerializeToElement(new { a = _random.Next() }),
            _ when type.IsEnum => Enum.GetValues(type).GetValue(_random.Next(Enum.GetValues(type).Length)),
            _ when type.IsGenericType && type.GetGenericArguments() is [var item] => List(item),
            _ when type.IsGenericType => Dictionary(type.GetGenericArguments()[1]),
            _ => Create(type),
        };
    }

    private IList List(Type item)
    {
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(item))!;
        for (var i = _random.Next(3); i > 0; i--)
        {
            list.Add(Value(item, optional: false));
        }

        return list;
    }

    private IDictionary Dictionary(Type value)
    {
        var dictionary = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), value))!;
        for (var i = _random.Next(3); i > 0; i--)
        {
            dictionary[Texts[_random.Next(Texts.Length)]] = Value(value, optional: false);
        }

        return dictionary;
    }
}
