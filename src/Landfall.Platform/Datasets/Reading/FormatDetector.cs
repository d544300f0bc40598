using System.Text;
using Landfall.Platform.Datasets.Reading.Json;

namespace Landfall.Platform.Datasets.Reading;

/// <summary>What a file was found to be.</summary>
/// <param name="Name"><c>jsonl</c>, <c>json</c> (one array, or objects over several lines), <c>csv</c>, <c>xlsx</c> or <c>parquet</c>.</param>
/// <param name="Encoding"><c>utf-8</c>, <c>utf-16le</c>, <c>utf-16be</c>.</param>
/// <param name="Delimiter">With CSV.</param>
/// <param name="Layout">With <c>json</c>: how the objects follow each other.</param>
/// <param name="Start">With an envelope: where its array begins.</param>
internal sealed record FileFormat(string Name, string Encoding, byte? Delimiter, JsonLayout Layout = JsonLayout.Array, int Start = 0);

/// <summary>Detects the format by the first bytes, and by the name where these leave it open.</summary>
internal static class FormatDetector
{
    private static readonly byte[] Delimiters = ",;\t"u8.ToArray();

    public static FileFormat Detect(ByteWindow window, string encoding)
    {
        var bytes = window.Unread;
        RefuseBinary(window, bytes);
        var first = bytes.IndexOfAnyExcept(" \t\r\n"u8);
        if (first < 0)
        {
            return new FileFormat(IsJson(window.File) ? "jsonl" : "csv", encoding, IsJson(window.File) ? null : (byte)',');
        }

        switch ((char)bytes[first])
        {
            case '{':
                return DetectJson(bytes[first..], first, encoding, window.File);
            case '[' when !HasExtension(window.File, ".csv", ".tsv"):
                return new FileFormat("json", encoding, Delimiter: null);
            default:
                return IsJson(window.File)
                    ? throw new DataFormatException(window.File, 1 + bytes[..first].Count((byte)'\n'), $"the name says JSON, but the content begins with {Beginning(bytes[first..])}. Write one JSON object a line, or name a CSV file .csv.")
                    : new FileFormat("csv", encoding, DetectDelimiter(bytes[first..], window.File));
        }
    }

    private static FileFormat DetectJson(ReadOnlySpan<byte> bytes, int skipped, string encoding, string file)
    {
        if (JsonEnvelope.Find(bytes) is >= 0 and var start)
        {
            return new FileFormat("json", encoding, Delimiter: null, JsonLayout.Envelope, skipped + start);
        }

        return HasExtension(file, ".json") && !JsonEnvelope.IsLine(bytes)
            ? new FileFormat("json", encoding, Delimiter: null, JsonLayout.Sequence)
            : new FileFormat("jsonl", encoding, Delimiter: null);
    }

    private static bool IsJson(string file) => HasExtension(file, ".jsonl", ".ndjson", ".json");

    private static bool HasExtension(string file, params ReadOnlySpan<string> extensions)
    {
        foreach (var extension in extensions)
        {
            if (file.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static void RefuseBinary(ByteWindow window, ReadOnlySpan<byte> bytes)
    {
        var kind = bytes switch
        {
            _ when bytes.StartsWith([(byte)0x1F, (byte)0x8B]) => "compressed with gzip",
            _ when bytes.StartsWith("%PDF-"u8) => "a PDF",
            _ when bytes.StartsWith([(byte)0xD0, (byte)0xCF, (byte)0x11, (byte)0xE0]) => "an old or an encrypted Office file (.xls, or .xlsx with a password)",
            _ => null,
        };
        if (kind is not null)
        {
            throw new DataFormatException(window.File, 0, $"this is {kind}, not rows of text. Unpack it, or save the rows as .xlsx, CSV or JSON lines.");
        }
    }

    /// <summary>The delimiter that gives a header with both roles, else the most frequent one, counted outside quotes.</summary>
    private static byte DetectDelimiter(ReadOnlySpan<byte> bytes, string file)
    {
        if (HasExtension(file, ".tsv"))
        {
            return (byte)'\t';
        }

        var end = bytes.IndexOf((byte)'\n');
        var header = Encoding.UTF8.GetString(end < 0 ? bytes[..Math.Min(bytes.Length, 1 << 14)] : bytes[..Math.Min(end, 1 << 14)]);
        var (best, bestScore) = (Delimiters[0], -1);
        foreach (var delimiter in Delimiters)
        {
            var names = header.Split((char)delimiter);
            var score = (1000 * names.Count(n => FieldRoles.IsRole(n.Trim(' ', '"', '\r')))) + Math.Min(999, CountOutsideQuotes(header, (char)delimiter));
            if (score > bestScore)
            {
                (best, bestScore) = (delimiter, score);
            }
        }

        return best;
    }

    private static int CountOutsideQuotes(string line, char delimiter)
    {
        var (count, quoted) = (0, false);
        foreach (var c in line)
        {
            quoted ^= c == '"';
            count += c == delimiter && !quoted ? 1 : 0;
        }

        return count;
    }

    private static string Beginning(ReadOnlySpan<byte> bytes) =>
        $"'{FieldRoles.Shortened(Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 160)]).Split('\n')[0])}'";
}
