using Landfall.Platform.Datasets;
using Landfall.Platform.Datasets.Reading;

namespace Landfall.Platform.Briefs;

/// <summary>Which columns of a data file mean what, and why that was assumed.</summary>
internal sealed class DraftColumns
{
    private static readonly string[] s_labelHints = ["label", "intent", "category", "class", "topic", "type", "queue", "team", "department", "route", "tag", "sentiment", "标签", "类别", "分类", "意图"];

    private static readonly string[] s_answerHints = ["answer", "reply", "response", "resolution", "output", "summary", "translation", "回答", "回复", "答案"];

    private static readonly string[] s_textHints = ["body", "text", "message", "question", "description", "content", "subject", "comment", "review", "title", "内容", "问题", "文本", "消息"];

    private static readonly string[] s_otherHints = ["lang", "priority", "status", "channel", "country", "source", "gender", "region", "plan", "urgen", "version", "state", "split", "语言", "状态"];

    private static readonly HashSet<string> s_groups = new(StringComparer.OrdinalIgnoreCase)
    {
        "group", "groupid", "user", "userid", "username", "customer", "customerid", "client", "clientid", "session", "sessionid", "conversation", "conversationid",
        "thread", "threadid", "ticket", "ticketid", "case", "caseid", "patient", "patientid", "author", "authorid", "account", "accountid", "document", "documentid", "doc", "docid",
    };

    private readonly HashSet<string> _excluded = new(StringComparer.Ordinal);

    /// <summary>How the files are read.</summary>
    public RowReading Reading { get; private init; } = RowReading.Automatic;

    /// <summary>The column whose values splits must not tear, or null.</summary>
    public string? Group { get; private set; }

    /// <summary>A column of dates, or null.</summary>
    public string? Date { get; private set; }

    /// <summary>What was assumed and why, one sentence each.</summary>
    public List<string> Reasons { get; } = [];

    /// <summary>Looks at the columns of a file.</summary>
    /// <exception cref="DataFormatException">No column can be the input, or none the expected output.</exception>
    public static DraftColumns Find(IReadOnlyList<Row> sample, string file)
    {
        var columns = new Dictionary<string, ColumnStatistics>(StringComparer.Ordinal);
        foreach (var (name, value) in sample.SelectMany(r => r.Fields).Where(f => f.Value.Length > 0))
        {
            if (!columns.TryGetValue(name, out var column))
            {
                columns[name] = column = new ColumnStatistics(name);
            }

            column.Add(value);
        }

        // Where the format itself says what the input is, the rows have it already.
        var found = sample.Count > 0 && sample[0].Text.Length == 0 ? Choose([.. columns.Values], sample.Count, file) : new DraftColumns();
        found.FindOthers([.. columns.Values.Where(c => c.Name != found.Reading.TextField && c.Name != found.Reading.ExpectedField)], sample.Count);
        return found;
    }

    /// <summary>A row as it is written: without identifiers and moments, and with its group under the reserved name.</summary>
    public Row Apply(Row row)
    {
        var group = Group is null ? null : row.Fields.GetValueOrDefault(Group);
        if (_excluded.Count == 0 && (group is null || Group == ReservedFields.Group))
        {
            return row;
        }

        var fields = row.Fields.Where(f => !_excluded.Contains(f.Key) && f.Key != Group).ToDictionary(f => f.Key, f => f.Value, StringComparer.Ordinal);
        if (group is not null)
        {
            fields[ReservedFields.Group] = group;
        }

        return row with { Fields = fields };
    }

    private static DraftColumns Choose(List<ColumnStatistics> columns, int rows, string file)
    {
        var text = Known(columns, FieldRoles.TextNames) ?? columns.Where(c => !c.IsDate && !c.IsNumeric && !c.IsIdentifier && c.Count >= 0.9 * rows).OrderByDescending(TextScore).FirstOrDefault();
        var labels = columns.Where(c => c != text && c.CouldBeLabel(rows)).OrderByDescending(c => LabelScore(c)).ThenBy(c => c.Distinct).ThenBy(c => c.Name, StringComparer.Ordinal).ToList();
        var known = Known(columns.Where(c => c != text), FieldRoles.ExpectedNames);
        var expected = known
            ?? (labels.Count > 0 && LabelScore(labels[0]) > -20 ? labels[0] : null)
            ?? columns.Where(c => c != text && !c.IsDate && !c.IsIdentifier && c.Count >= 0.9 * rows && (Hints(c.Name, s_answerHints) || c.MeanLength > 20)).OrderByDescending(c => Hints(c.Name, s_answerHints)).ThenByDescending(c => c.MeanLength).FirstOrDefault()
            ?? labels.FirstOrDefault();
        if (text is null || expected is null)
        {
            var missing = text is null ? "the input: texts of some length, different in most rows" : "the expected output: labels (few different values) or answers";
            throw new DataFormatException(file, 0, $"no column looks like {missing}; found {FieldRoles.Listed([.. columns.Select(c => c.Name)])}. Name the columns 'text' and 'label', or 'text' and 'answer'.");
        }

        var choice = new DraftColumns { Reading = new RowReading { TextField = text.Name, ExpectedField = expected.Name } };
        if (Known([text], FieldRoles.TextNames) is null)
        {
            choice.Reasons.Add($"The input is the column {Shown.Text(text.Name)}: its texts are the longest ({text.MeanLength:0} characters on average). If it is another, name that one 'text'.");
        }

        if (known is null)
        {
            var others = labels.Where(c => c != expected).Take(3).Select(c => $"{Shown.Text(c.Name)} ({Shown.Count(c.Distinct)} values)").ToList();
            choice.Reasons.Add($"The expected output is the column {Shown.Text(expected.Name)}: {Shown.Count(expected.Distinct)} different values in {Shown.Count(expected.Count)} rows{(Hints(expected.Name, s_labelHints) ? ", and a label's name" : "")}.{(others.Count == 0 ? "" : $" It could also be {string.Join(" or ", others)}: name the right one 'label', and draft again.")}");
        }

        return choice;
    }

    private void FindOthers(List<ColumnStatistics> columns, int rows)
    {
        var group = columns.FirstOrDefault(c => c.Name == ReservedFields.Group)
            ?? columns.FirstOrDefault(c => s_groups.Contains(Bare(c.Name)) && c.Count >= 0.5 * rows && c.Distinct >= 10 && c.Distinct < 0.9 * Math.Min(c.Count, 5_000));
        if (group is not null)
        {
            Group = group.Name;
            Reasons.Add($"Rows with the same {Shown.Text(group.Name)} belong together ({Shown.Count(group.Distinct)} of them in {Shown.Count(group.Count)} rows) and stay on one side of the split.");
        }

        foreach (var column in columns.Where(c => c != group))
        {
            if (column.IsDate || (Hints(column.Name, ["timestamp", "created_at", "updated_at"]) && column.IsNumeric))
            {
                Date ??= column.Name;
                _excluded.Add(column.Name);
            }
            else if (column.IsIdentifier || (Bare(column.Name) is "id" or "uuid" or "guid" or "trace" or "rowid" && column.Distinct >= Math.Min(5_000, 0.9 * column.Count)))
            {
                _excluded.Add(column.Name);
            }
        }

        if (_excluded.Count > 0)
        {
            Reasons.Add($"Left out, because identifiers and times say nothing about a new message: {Shown.Names([.. _excluded.Order(StringComparer.Ordinal)])}.");
        }

        if (Date is not null)
        {
            Reasons.Add($"The column {Shown.Text(Date)} holds times: if messages change over time, a test file of the latest rows (named test) says more than this random split.");
        }
    }

    private static ColumnStatistics? Known(IEnumerable<ColumnStatistics> columns, IReadOnlyList<string> names)
    {
        var all = columns.ToList();
        return names.Select(n => all.Find(c => string.Equals(c.Name.Trim(), n, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(c => c is not null);
    }

    private static double TextScore(ColumnStatistics column) => Math.Min(column.MeanLength, 500) + (Hints(column.Name, s_textHints) ? 40 : 0) - (Hints(column.Name, s_answerHints) ? 400 : 0);

    private static int LabelScore(ColumnStatistics column) =>
        (Hints(column.Name, s_labelHints) ? 50 : 0) - (Hints(column.Name, s_otherHints) ? 25 : 0) - (s_groups.Contains(Bare(column.Name)) ? 40 : 0)
        - (column.IsNumeric ? 30 : 0) + (column.Distinct is >= 3 and <= 200 ? 10 : 0);

    private static bool Hints(string name, string[] hints) => hints.Any(h => name.Contains(h, StringComparison.OrdinalIgnoreCase));

    private static string Bare(string name) => string.Concat(name.Where(char.IsLetterOrDigit));
}
