using System.Text;

namespace Landfall.Inference.Tokenizers;

/// <summary>Reads the normalizer and the pre-tokenizer of a tokenizer.json.</summary>
internal static class TokenizerJsonSteps
{
    /// <summary>The normalizer, or null where there is none.</summary>
    public static TextNormalizer? Normalizer(JsonField field)
    {
        var steps = new List<TextNormalizer>();
        Collect(field, "normalizers", steps, NormalizerStep);
        return steps.Count == 0 ? null : TextNormalizers.Sequence(steps);
    }

    /// <summary>The pre-tokenizer, or null where there is none.</summary>
    public static PreTokenizer? PreTokenizer(JsonField field)
    {
        var steps = new List<PreTokenizer>();
        Collect(field, "pretokenizers", steps, PreTokenizerStep);
        return steps.Count == 0 ? null : PreTokenizers.Sequence(steps);
    }

    private static TextNormalizer NormalizerStep(JsonField field) => field["type"].String() switch
    {
        "NFC" => TextNormalizers.Form(NormalizationForm.FormC),
        "NFD" => TextNormalizers.Form(NormalizationForm.FormD),
        "NFKC" => TextNormalizers.Form(NormalizationForm.FormKC),
        "NFKD" => TextNormalizers.Form(NormalizationForm.FormKD),
        "Lowercase" => TextNormalizers.Lowercase,
        "StripAccents" => TextNormalizers.StripMarks,
        "Strip" => TextNormalizers.Strip(field["strip_left"].Bool(true), field["strip_right"].Bool(true)),
        "Prepend" => TextNormalizers.Prepend(field["prepend"].String()),
        "Replace" => TextNormalizers.Replace(Pattern(field["pattern"]), field["content"].String()),
        "ByteLevel" => TextNormalizers.ToByteAlphabet,
        "BertNormalizer" => Bert(field),
        "Precompiled" => Precompiled(field["precompiled_charsmap"]),
        var type => throw field["type"].Refuse($"the normalizer {type} is not supported."),
    };

    private static PreTokenizer PreTokenizerStep(JsonField field) => field["type"].String() switch
    {
        "ByteLevel" => PreTokenizers.ByteLevel(field["add_prefix_space"].Bool(true), field["use_regex"].Bool(true)),
        "Split" => Split(field),
        "Digits" => PreTokenizers.Split(IsNumber, field["individual_digits"].Bool(false) ? SplitBehavior.Isolated : SplitBehavior.Contiguous),
        "Metaspace" => Metaspace(field),
        "Whitespace" => PreTokenizers.Cut(PreTokenizers.Words),
        "WhitespaceSplit" => PreTokenizers.Split(Rune.IsWhiteSpace, SplitBehavior.Removed),
        "Punctuation" => PreTokenizers.Split(CharacterClass.IsPunctuation, Behavior(field["behavior"])),
        "BertPreTokenizer" => PreTokenizers.Bert,
        "CharDelimiterSplit" => PreTokenizers.Split(TextPattern.Literal(field["delimiter"].String()), SplitBehavior.Removed, invert: false),
        var type => throw field["type"].Refuse($"the pre-tokenizer {type} is not supported."),
    };

    /// <summary>The mark of a Metaspace, which must be one character.</summary>
    public static char Mark(JsonField field) => field.String("\u2581") is [var mark] ? mark : throw field.Refuse("one character is expected.");

    /// <summary>Before which pieces a Metaspace mark is put; older files say only whether at all.</summary>
    public static PrependScheme Prepend(JsonField field) => field["prepend_scheme"].StringOrNull() switch
    {
        "always" => PrependScheme.Always,
        "first" => PrependScheme.First,
        "never" => PrependScheme.Never,
        null => field["add_prefix_space"].Bool(true) ? PrependScheme.Always : PrependScheme.Never,
        var scheme => throw field["prepend_scheme"].Refuse($"'{scheme}' was found, where always, first or never is expected."),
    };

    /// <summary>A pattern: a text or a regular expression.</summary>
    public static TextPattern Pattern(JsonField field)
    {
        if (field.IsString)
        {
            return TextPattern.Literal(field.String());
        }

        var expression = field["Regex"];
        if (expression.IsNull)
        {
            return TextPattern.Literal(field["String"].String());
        }

        try
        {
            return TextPattern.Expression(expression.String());
        }
        catch (ArgumentException exception)
        {
            throw expression.Refuse($"the regular expression is not supported: {exception.Message}");
        }
    }

    /// <summary>The steps of a sequence, and of sequences in it, in order.</summary>
    private static void Collect<T>(JsonField field, string list, List<T> steps, Func<JsonField, T> read)
    {
        if (field.IsNull)
        {
            return;
        }

        if (field["type"].String() != "Sequence")
        {
            steps.Add(steps.Count < TextGrowth.MostSteps ? read(field) : throw field.Refuse($"more than {TextGrowth.MostSteps} steps are not run."));
            return;
        }

        foreach (var step in field[list].Items())
        {
            Collect(step, list, steps, read);
        }
    }

    private static bool IsNumber(Rune rune) => Rune.IsNumber(rune);

    private static PreTokenizer Split(JsonField field)
    {
        var (behavior, invert) = (Behavior(field["behavior"]), field["invert"].Bool(false));
        var whole = (behavior, invert) is (SplitBehavior.Isolated, _) or (SplitBehavior.Removed, true);
        return whole && field["pattern"].IsObject && field["pattern"]["Regex"].StringOrNull() is { } regex && WordSplitter.Find(regex) is { } splitter
            ? PreTokenizers.Cut(splitter)
            : PreTokenizers.Split(Pattern(field["pattern"]), behavior, invert);
    }

    private static SplitBehavior Behavior(JsonField field) => field.String("Isolated") switch
    {
        "Removed" => SplitBehavior.Removed,
        "Isolated" => SplitBehavior.Isolated,
        "MergedWithPrevious" => SplitBehavior.MergedWithPrevious,
        "MergedWithNext" => SplitBehavior.MergedWithNext,
        "Contiguous" => SplitBehavior.Contiguous,
        var behavior => throw field.Refuse($"the behaviour '{behavior}' is not known."),
    };

    private static PreTokenizer Metaspace(JsonField field) =>
        PreTokenizers.Metaspace(Mark(field["replacement"]), Prepend(field), field["split"].Bool(true));

    private static TextNormalizer Bert(JsonField field)
    {
        var lowercase = field["lowercase"].Bool(true);
        return TextNormalizers.Bert(
            field["clean_text"].Bool(true),
            field["handle_chinese_chars"].Bool(true),
            field["strip_accents"].Bool(lowercase),
            lowercase);
    }

    private static TextNormalizer Precompiled(JsonField field)
    {
        if (field.IsNull)
        {
            return text => text;
        }

        try
        {
            return CharacterMap.Read(Convert.FromBase64String(field.String())).Normalize;
        }
        catch (FormatException exception)
        {
            throw field.Refuse($"it is damaged: {exception.Message}.");
        }
    }
}
