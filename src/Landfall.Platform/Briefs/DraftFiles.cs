using Landfall.Platform.Datasets;
using Landfall.Protocol.Briefs;

namespace Landfall.Platform.Briefs;

/// <summary>What the files of a draft are for, by their names.</summary>
internal sealed record DraftFiles(IReadOnlyList<DraftFile> Train, IReadOnlyList<DraftFile> Validation, IReadOnlyList<DraftFile> Test)
{
    /// <summary>More files than this are a folder of something else.</summary>
    private const int MostFiles = 100;

    private static readonly HashSet<string> s_test = new(StringComparer.OrdinalIgnoreCase) { "test", "tests", "testing", "holdout" };

    private static readonly HashSet<string> s_validation = new(StringComparer.OrdinalIgnoreCase) { "val", "valid", "validation", "dev", "eval" };

    /// <summary>All files, those to learn from first.</summary>
    public IEnumerable<DraftFile> All => Train.Concat(Validation).Concat(Test);

    /// <exception cref="DataFormatException">There are too many.</exception>
    public static DraftFiles Of(BriefDraftRequest request)
    {
        List<DraftFile> all = [new DraftFile(request.FileName, request.Sha256), .. request.MoreFiles];
        if (all.Count > MostFiles)
        {
            throw new DataFormatException(request.Name ?? request.FileName, 0, $"{all.Count} data files are given; a brief is drafted from at most {MostFiles}. Join them.");
        }

        var test = all.Where(f => Says(f, s_test)).ToList();
        var validation = all.Except(test).Where(f => Says(f, s_validation)).ToList();
        var train = all.Except(test).Except(validation).ToList();

        // Test or validation rows alone are rows like any others.
        return train.Count == 0 ? new DraftFiles([.. test, .. validation], [], []) : new DraftFiles(train, validation, test);
    }

    private static bool Says(DraftFile file, HashSet<string> words) =>
        Path.GetFileNameWithoutExtension(file.FileName).Split([' ', '.', '-', '_', '(', ')'], StringSplitOptions.RemoveEmptyEntries).Any(words.Contains);
}
