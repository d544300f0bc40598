using System.Buffers;
using Landfall.Platform.Datasets.Reading.Json;

namespace Landfall.Platform.Datasets.Reading;

/// <summary>
/// One JSON array of objects, read element by element: the whole file, or a member of the object around it
/// (<see cref="JsonEnvelope"/>). Or objects one after the other, each over several lines.
/// </summary>
/// <param name="layout">Which of these.</param>
/// <param name="start">With an envelope: where the array begins.</param>
/// <param name="given">Which members are input and output, when that is known beforehand.</param>
internal sealed class JsonArrayParser(JsonLayout layout, int start, FieldRoles? given) : RecordParser
{
    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}"u8);

    private readonly JsonRow _json = new(given);
    private Expect _expect = layout == JsonLayout.Sequence ? Expect.Element : Expect.Open;
    private int _toSkip = start;
    private byte _last;

    private enum Expect
    {
        Open,
        ElementOrEnd,
        Element,
        CommaOrEnd,
        Nothing,
    }

    public override string? Shape => _json.Shape?.Name;

    public override long Skipped => _json.Skipped;

    private bool IsClosed => _expect == Expect.Nothing
        ? layout != JsonLayout.Envelope || _last == (byte)'}'
        : layout == JsonLayout.Sequence;

    public override bool TryRead(ByteWindow window, RawRow row)
    {
        SkipEnvelope(window);
        while (true)
        {
            SkipWhiteSpace(window);
            var unread = window.Unread;
            if (unread.IsEmpty)
            {
                return window.Ended && !IsClosed
                    ? throw window.Error("the JSON array is not closed: the file was cut off. Export it again.")
                    : false;
            }

            if (_expect == Expect.Nothing && layout == JsonLayout.Envelope)
            {
                _last = unread.TrimEnd(" \t\r\n"u8)[^1];
                window.Advance(unread.Length, unread.Count((byte)'\n'));
                continue;
            }

            if (unread[0] == (byte)'{' && _expect is Expect.Element or Expect.ElementOrEnd)
            {
                var length = LengthOfElement(window, unread);
                if (length < 0)
                {
                    return false;
                }

                if (TakeElement(window, unread[..length], row))
                {
                    return true;
                }

                continue;
            }

            Step(window, unread);
        }
    }

    private void Step(ByteWindow window, ReadOnlySpan<byte> unread)
    {
        _expect = (_expect, (char)unread[0]) switch
        {
            (Expect.Open, '[') => Expect.ElementOrEnd,
            (Expect.ElementOrEnd or Expect.CommaOrEnd, ']') => Expect.Nothing,
            (Expect.CommaOrEnd, ',') => Expect.Element,
            (Expect.Nothing, _) => throw window.Error($"found {Quoted(unread)} behind the JSON array's end. A file holds one array, or one object a line."),
            (Expect.CommaOrEnd, _) => throw window.Error($"expected ',' or ']' behind an element of the JSON array, found {Quoted(unread)}."),
            _ => throw window.Error($"expected a JSON object as the array's element, found {Quoted(unread)}. Write each row as {{\"text\": ..., \"label\": ...}}."),
        };
        window.Advance(1, 0);
    }

    private void SkipEnvelope(ByteWindow window)
    {
        if (_toSkip > 0)
        {
            window.Advance(_toSkip, window.Unread[.._toSkip].Count((byte)'\n'));
            _toSkip = 0;
        }
    }

    private static int LengthOfElement(ByteWindow window, ReadOnlySpan<byte> unread)
    {
        var length = LengthOfObject(unread);
        return length < 0 && window.Ended
            ? throw window.Error("the JSON object that begins here is not closed: the file was cut off, or a quote or brace is missing.")
            : length;
    }

    private bool TakeElement(ByteWindow window, ReadOnlySpan<byte> element, RawRow row)
    {
        window.CheckLength(element.Length);
        CheckText(window, element);
        var isRow = _json.Read(element, window, row);
        Roles = _json.Roles;
        window.Advance(element.Length, element.Count((byte)'\n'));
        _expect = layout == JsonLayout.Sequence ? Expect.Element : Expect.CommaOrEnd;
        return isRow;
    }

    private static void SkipWhiteSpace(ByteWindow window)
    {
        var unread = window.Unread;
        var length = unread.IndexOfAnyExcept(" \t\r\n"u8);
        length = length < 0 ? unread.Length : length;
        window.Advance(length, unread[..length].Count((byte)'\n'));
    }

    /// <summary>The bytes up to the brace that closes the first one, or -1. Braces are counted outside strings; all else is the JSON reader's work.</summary>
    private static int LengthOfObject(ReadOnlySpan<byte> bytes)
    {
        var (depth, at) = (0, 0);
        while (true)
        {
            var next = bytes[at..].IndexOfAny(Structure);
            if (next < 0)
            {
                return -1;
            }

            at += next + 1;
            switch (bytes[at - 1])
            {
                case (byte)'{':
                    depth++;
                    break;
                case (byte)'}':
                    if (--depth == 0)
                    {
                        return at;
                    }

                    break;
                default:
                    var end = LengthOfString(bytes[at..]);
                    if (end < 0)
                    {
                        return -1;
                    }

                    at += end;
                    break;
            }
        }
    }

    private static int LengthOfString(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length)
        {
            var next = bytes[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0)
            {
                return -1;
            }

            at += next + 1;
            if (bytes[at - 1] == (byte)'"')
            {
                return at;
            }

            at++;
        }

        return -1;
    }
}

/// <summary>How JSON objects follow each other when they do not stand one on a line.</summary>
internal enum JsonLayout
{
    /// <summary>In one array.</summary>
    Array,

    /// <summary>In one array within an object.</summary>
    Envelope,

    /// <summary>One after the other.</summary>
    Sequence,
}
