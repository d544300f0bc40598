using System.IO.Compression;

namespace Landfall.Platform.Datasets.Reading.Xlsx;

/// <summary>Refuses archives that are no workbook, or that would unpack to more than any workbook does.</summary>
internal static class ArchiveCheck
{
    private const int MaxEntries = 10_000;
    private const long MaxTotal = 2L << 30;
    private const long MaxDescription = 32 << 20;
    private const long SmallEntry = 32 << 20;
    private const int MaxRatio = 100;

    /// <summary>Looks at the archive's directory. What an entry declares, no reader unpacks more than.</summary>
    /// <exception cref="DataFormatException">It is refused.</exception>
    public static void Check(Stream content, string file)
    {
        using var archive = new ZipArchive(content, ZipArchiveMode.Read, leaveOpen: true);
        if (archive.Entries.Count > MaxEntries)
        {
            throw new DataFormatException(file, 0, $"the archive has {archive.Entries.Count} entries; no workbook has that many. Save the sheet anew, or as CSV.");
        }

        if (!archive.Entries.Any(e => e.FullName.Equals("[Content_Types].xml", StringComparison.OrdinalIgnoreCase)))
        {
            throw new DataFormatException(file, 0, "this is a ZIP archive, but no Excel workbook. Unpack it, or save the rows as .xlsx, CSV or JSON lines.");
        }

        var total = 0L;
        foreach (var entry in archive.Entries)
        {
            total += entry.Length;
            var isBulk = entry.FullName.Contains("worksheets/", StringComparison.OrdinalIgnoreCase) || entry.FullName.Contains("sharedStrings", StringComparison.OrdinalIgnoreCase);
            var isDescription = !isBulk && (entry.FullName.EndsWith(".xml", StringComparison.OrdinalIgnoreCase) || entry.FullName.EndsWith(".rels", StringComparison.OrdinalIgnoreCase));
            if (total > MaxTotal || (isDescription && entry.Length > MaxDescription) || (entry.Length > SmallEntry && entry.Length / MaxRatio > entry.CompressedLength))
            {
                throw new DataFormatException(file, 0, $"its part '{FieldRoles.Shortened(entry.FullName)}' would unpack from {entry.CompressedLength} to {entry.Length} bytes: this is no usual workbook. Save the rows as CSV or JSON lines.");
            }
        }
    }
}
