namespace Landfall.Platform.Datasets.Reading;

/// <summary>One JSON object a line; blank lines are passed over.</summary>
internal sealed class JsonLinesParser(FieldRoles? given) : RecordParser
{
    private readonly JsonRow _json = new(given);

    public override string? Shape => _json.Shape?.Name;

    public override long Skipped => _json.Skipped;

    public override bool TryRead(ByteWindow window, RawRow row)
    {
        while (true)
        {
            var unread = window.Unread;
            var length = unread.IndexOf((byte)'\n');
            if (length < 0 && (!window.Ended || unread.IsEmpty))
            {
                return false;
            }

            var line = length < 0 ? unread : unread[..length];
            window.CheckLength(line.Length);
            var content = line.Trim(" \t\r"u8);
            var isRow = false;
            if (!content.IsEmpty)
            {
                CheckText(window, line);
                if (content[0] != (byte)'{')
                {
                    throw window.Error($"expected a JSON object as in the lines before, found {Quoted(content)}. A file holds rows of one format: split it, or convert these rows.");
                }

                isRow = _json.Read(content, window, row);
                Roles = _json.Roles;
            }

            window.Advance(length < 0 ? line.Length : length + 1, length < 0 ? 0 : 1);
            if (isRow)
            {
                return true;
            }
        }
    }
}
