using System.Globalization;

namespace Landfall.Edge;

/// <summary>The options of <c>chat</c>.</summary>
internal sealed record ChatOptions
{
    private const int MostContext = 1 << 20;

    public string? Prompt { get; init; }

    public string? System { get; init; }

    public int MaxTokens { get; init; } = 512;

    public float? Temperature { get; init; }

    public ulong? Seed { get; init; }

    public int? Context { get; init; }

    public int? Threads { get; init; }

    /// <exception cref="UsageException">An option is unknown, or its value is missing or out of range.</exception>
    public static ChatOptions Parse(ReadOnlySpan<string> args)
    {
        var options = new ChatOptions();
        for (var place = 0; place < args.Length; place += 2)
        {
            var name = args[place];
            var value = place + 1 < args.Length ? args[place + 1] : throw new UsageException($"{name} is followed by its value.");
            options = name switch
            {
                "--prompt" => options with { Prompt = value },
                "--system" => options with { System = value },
                "--max-tokens" => options with { MaxTokens = Number(name, value, 1, MostContext) },
                "--temperature" => options with { Temperature = Temperatures(name, value) },
                "--seed" => options with { Seed = ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : throw Wrong(name, value, "a whole number") },
                "--context" => options with { Context = Number(name, value, 2, MostContext) },
                "--threads" => options with { Threads = Number(name, value, 1, 1024) },
                _ => throw new UsageException($"{name} is not an option."),
            };
        }

        return options;
    }

    private static int Number(string name, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Wrong(name, value, $"a number from {least} to {most}");

    private static float Temperatures(string name, string value) =>
        float.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 2
            ? number
            : throw Wrong(name, value, "a number from 0 to 2");

    private static UsageException Wrong(string name, string value, string wanted) => new($"{name} is '{value}', which is not {wanted}.");
}
