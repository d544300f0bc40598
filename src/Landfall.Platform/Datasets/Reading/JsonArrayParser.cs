using System.Buffers;

namespace Landfall.Platform.Datasets.Reading;

/// <summary>One top-level JSON array of objects, read element by element.</summary>
internal sealed class JsonArrayParser : RecordParser
{
    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}"u8);

    private readonly JsonRow _json = new();
    private Expect _expect = Expect.Open;

    private enum Expect
    {
        Open,
        ElementOrEnd,
        Element,
        CommaOrEnd,
        Nothing,
    }

    public override bool TryRead(ByteWindow window, RawRow row)
    {
        while (true)
        {
            SkipWhiteSpace(window);
            var unread = window.Unread;
            if (unread.IsEmpty)
            {
                return window.Ended && _expect != Expect.Nothing
                    ? throw window.Error("the JSON array is not closed: the file was cut off. Export it again.")
                    : false;
            }

            if (unread[0] == (byte)'{' && _expect is Expect.Element or Expect.ElementOrEnd)
            {
                return TryReadElement(window, unread, row);
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

    private bool TryReadElement(ByteWindow window, ReadOnlySpan<byte> unread, RawRow row)
    {
        var length = LengthOfObject(unread);
        if (length < 0)
        {
            return window.Ended ? throw window.Error("the JSON object that begins here is not closed: the file was cut off, or a quote or brace is missing.") : false;
        }

        var element = unread[..length];
        window.CheckLength(length);
        CheckText(window, element);
        _json.Read(element, window, row);
        Roles = _json.Roles;
        window.Advance(length, element.Count((byte)'\n'));
        _expect = Expect.CommaOrEnd;
        return true;
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
