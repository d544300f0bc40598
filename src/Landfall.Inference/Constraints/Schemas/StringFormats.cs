namespace Landfall.Inference.Constraints.Schemas;

/// <summary>
/// The formats of JSON Schema as patterns. Each allows texts that are surely of the format, and the usual ones; not every text
/// that a specification permits (years are 1000 to 2999, addresses have no quoted parts, URIs are http and https).
/// </summary>
internal static class StringFormats
{
    private const string Date =
        @"(?:[12]\d{3}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))"
        + @"|(?:[12]\d(?:0[48]|[2468][048]|[13579][26])|(?:12|16|20|24|28)00)-02-29)";

    private const string Time = @"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d)";
    private const string DayTime = @"T(?:\d{1,3}H(?:\d{1,3}M(?:\d{1,3}S)?)?|\d{1,3}M(?:\d{1,3}S)?|\d{1,3}S)";
    private const string Label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,40}[A-Za-z0-9])?";
    private const string Host = $@"{Label}(?:\.{Label}){{0,4}}";
    private const string Octet = @"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)";
    private const string Group = "[0-9a-fA-F]{1,4}";
    private const string PathPart = "(?:[A-Za-z0-9_~.!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})";

    public static IReadOnlyDictionary<string, string> Patterns { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["date"] = Date,
        ["time"] = Time,
        ["date-time"] = $"{Date}T{Time}",
        ["duration"] = $@"P(?:\d{{1,3}}W|(?:\d{{1,3}}D|\d{{1,3}}M(?:\d{{1,3}}D)?|\d{{1,3}}Y(?:\d{{1,3}}M(?:\d{{1,3}}D)?)?)(?:{DayTime})?|{DayTime})",
        ["email"] = $@"[A-Za-z0-9_%+-]{{1,32}}(?:\.[A-Za-z0-9_%+-]{{1,16}}){{0,2}}@{Label}(?:\.{Label}){{0,3}}\.[A-Za-z]{{2,12}}",
        ["hostname"] = Host,
        ["ipv4"] = $@"(?:{Octet}\.){{3}}{Octet}",
        ["ipv6"] = $"(?:{Group}:){{7}}{Group}|(?:{Group}:){{1,7}}:|:(?::{Group}){{1,7}}|::|" + string.Join('|', Enumerable.Range(1, 6).Select(ShortenedAddress)),
        ["uuid"] = "[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}",
        ["uri"] = $@"https?://{Host}(?::[1-9]\d{{0,3}})?(?:/{PathPart}{{0,200}})?(?:/{PathPart}{{1,200}})*(?:\?(?:{PathPart}|[/?]){{0,200}})?(?:#(?:{PathPart}|[/?]){{0,200}})?",
    };

    // So many groups, and then a gap that stands for one or more.
    private static string ShortenedAddress(int groups) => $"(?:{Group}:){{{groups}}}(?::{Group}){{1,{7 - groups}}}";
}
