using System.Text;
using System.Xml;

namespace Landfall.Platform.Datasets.Reading.Xlsx;

/// <summary>The texts that a workbook's cells share, as UTF-8 in one buffer.</summary>
internal sealed class SharedTexts(string file)
{
    private const int MaxBytes = 512 << 20;

    private readonly List<int> _ends = [];
    private byte[] _bytes = [];
    private int _used;

    public int Count => _ends.Count;

    public static SharedTexts Read(XmlReader xml, string file)
    {
        var texts = new SharedTexts(file);
        using (xml)
        {
            while (xml.Read())
            {
                if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "si")
                {
                    texts.Add(CellText.ReadRich(xml));
                }
            }
        }

        return texts;
    }

    public string Get(int index)
    {
        var start = index == 0 ? 0 : _ends[index - 1];
        return Encoding.UTF8.GetString(_bytes, start, _ends[index] - start);
    }

    private void Add(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        if ((long)_used + length > MaxBytes)
        {
            throw new DataFormatException(file, 0, $"the workbook's texts take more than {MaxBytes >> 20} MB. Save the sheet as CSV, which is read row by row.");
        }

        if (_bytes.Length - _used < length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(MaxBytes, Math.Max(_used + length, Math.Max(1 << 16, _bytes.Length * 2L))));
        }

        _used += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_used));
        _ends.Add(_used);
    }
}

/// <summary>Texts within a workbook's XML.</summary>
internal static class CellText
{
    /// <summary>Reads an element's text, plain or rich; what is only a reading aid (phonetic runs) is left out.</summary>
    public static string ReadRich(XmlReader xml)
    {
        if (xml.IsEmptyElement)
        {
            return "";
        }

        var text = new StringBuilder();
        var depth = xml.Depth;
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            if (xml.LocalName == "rPh")
            {
                SkipWithin(xml);
            }
            else if (xml.LocalName == "t")
            {
                text.Append(ReadPlain(xml));
            }
        }

        return Unescape(text.ToString());
    }

    /// <summary>The text directly within the element at which the reader stands; afterwards it stands at the element's end.</summary>
    public static string ReadPlain(XmlReader xml)
    {
        if (xml.IsEmptyElement)
        {
            return "";
        }

        var text = new StringBuilder();
        var depth = xml.Depth;
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace)
            {
                text.Append(xml.Value);
            }
        }

        return text.ToString();
    }

    /// <summary>Characters that XML cannot hold are written as <c>_xHHHH_</c> (ECMA-376 part 1, 22.9.2.19).</summary>
    public static string Unescape(string text)
    {
        var at = text.IndexOf("_x", StringComparison.Ordinal);
        if (at < 0)
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        var from = 0;
        while (at >= 0)
        {
            if (at + 7 <= text.Length && text[at + 6] == '_' && ushort.TryParse(text.AsSpan(at + 2, 4), System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out var code))
            {
                result.Append(text, from, at - from).Append((char)code);
                from = at + 7;
            }

            at = text.IndexOf("_x", Math.Max(from, at + 1), StringComparison.Ordinal);
        }

        return result.Append(text, from, text.Length - from).ToString();
    }

    /// <summary>Passes over an element; afterwards the reader stands at its end.</summary>
    private static void SkipWithin(XmlReader xml)
    {
        if (xml.IsEmptyElement)
        {
            return;
        }

        var depth = xml.Depth;
        while (xml.Read() && xml.Depth > depth)
        {
        }
    }
}
