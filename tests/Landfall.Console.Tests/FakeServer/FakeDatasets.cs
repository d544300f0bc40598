using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using Landfall.Protocol;
using Landfall.Protocol.Datasets;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Labelling;

namespace Landfall.Console.Tests.FakeServer;

/// <summary>Datasets, a proposal and a labelling, which remember what is decided.</summary>
internal sealed class FakeDatasets
{
    public const string Cleaning = "01J9ZCLEAN";
    public const string Labelling = "01J9ZLABEL";
    public static readonly string Version = new('a', 64);
    private static readonly LandfallJsonContext Json = LandfallJsonContext.Default;

    private readonly List<CleaningChange> _changes =
    [
        Change(1, "duplicates", CleaningAction.Drop, "please reset my pasword", null, "An edited copy of row 7.", 0.91) with { RelatedText = "Reset my password" },
        Change(2, "pii", CleaningAction.Edit, "call me on +44 20 7946 0958", "call me on [PHONE]", "Personal data: phone.", 0.97) with { Field = "text" },
        Change(3, "labels", CleaningAction.Edit, "refund", "invoice_copy", "A classifier that was not trained on this row gives 'invoice_copy' 0.91 and 'refund' 0.004.", 0.66) with { Field = "expected" },
    ];

    private readonly List<LabelRequest> _labels = [];

    public static DatasetSummary Dataset { get; } = new()
    {
        Name = "helpdesk",
        Version = Version,
        Rows = 2_756,
        SourceSha256 = Version,
        Format = "jsonl",
        CreatedAt = FakeContent.Now.AddHours(-2),
        Lineage = new DatasetLineage { Made = "clean", Parents = [new string('b', 64)], By = "ada", Notes = ["pii: 138 proposed, 133 accepted, 5 rejected."] },
    };

    public IReadOnlyList<LabelRequest> Labels => _labels;

    /// <summary>Answers what is about datasets; null: something else.</summary>
    public HttpResponseMessage? Answer(HttpMethod method, string[] path, HttpContent? content) => path switch
    {
        ["api", "datasets"] => Ok([Dataset, Dataset with { Version = new string('b', 64), Lineage = null, CreatedAt = FakeContent.Now.AddDays(-1) }], Json.IReadOnlyListDatasetSummary),
        ["api", "datasets", "versions", _, "rows"] => Ok(new DatasetPage(45, [.. Enumerable.Range(0, 20).Select(Row)]), Json.DatasetPage),
        ["api", "datasets", "versions", _, "statistics"] => Ok(Statistics(), Json.DatasetStatistics),
        ["api", "cleanings"] when method == HttpMethod.Get => Ok([Proposal()], Json.IReadOnlyListCleaningProposal),
        ["api", "cleanings", Cleaning] => Ok(Proposal(), Json.CleaningProposal),
        ["api", "cleanings", Cleaning, "changes"] => Ok(new CleaningChangePage(_changes.Count, [.. _changes]), Json.CleaningChangePage),
        ["api", "cleanings", Cleaning, "decisions"] => Decide(content!),
        ["api", "cleanings", Cleaning, "apply"] => Ok(Dataset with { Rows = 2_700 }, Json.DatasetSummary),
        ["api", "labellings"] => Ok([Summary()], Json.IReadOnlyListLabellingSummary),
        ["api", "labellings", Labelling] => Ok(Summary(), Json.LabellingSummary),
        ["api", "labellings", Labelling, "claims"] => Ok(new LabellingClaim(Item(), 2_500), Json.LabellingClaim),
        ["api", "labellings", Labelling, "labels"] => Label(content!),
        ["api", "labellings", Labelling, "disagreements"] => Ok([new LabelDisagreement(4, "I was charged twice", new Dictionary<string, string> { ["ada"] = "refund", ["bob"] = "invoice_copy" })], Json.IReadOnlyListLabelDisagreement),
        ["api", "labellings", Labelling, "export"] => Ok(Dataset, Json.DatasetSummary),
        ["api", "cleanings" or "labellings", ..] => new HttpResponseMessage(HttpStatusCode.NotFound) { Content = JsonContent.Create(new ApiProblem { Status = 404, Code = ErrorCodes.NotFound, Detail = "There is none." }, Json.ApiProblem) },
        _ => null,
    };

    private static HttpResponseMessage Ok<T>(T value, JsonTypeInfo<T> type) => new(HttpStatusCode.OK) { Content = JsonContent.Create(value, type) };

    private static CleaningChange Change(int number, string step, CleaningAction action, string before, string? after, string reason, double confidence) => new()
    {
        Number = number,
        Step = step,
        Row = number * 10,
        RowId = $"row{number}",
        Action = action,
        Text = before,
        Expected = "account_login",
        Before = before,
        After = after,
        Reason = reason,
        Confidence = confidence,
    };

    private static DatasetRow Row(int index) => new() { Id = $"id{index}", Text = $"Message {index}: how do I change the wifi password?", Expected = "wifi_password", Fields = new Dictionary<string, string> { ["language"] = index % 5 == 0 ? "zh" : "en" } };

    private static DatasetStatistics Statistics() => new()
    {
        Version = Version,
        Rows = 2_756,
        SampledRows = 2_756,
        Labels = [.. Enumerable.Range(0, 12).Select(i => new LabelStatistics($"label_{i}", 120 - (i * 7), [new("wifi", 9.1), new("password", 7.4), new("change", 5.2)]))],
        Balance = 0.994,
        TextLengths = [Lengths("characters", 8), Lengths("words", 1)],
        Languages = [new("en", 2_181), new("zh", 575)],
        ExactDuplicates = 0,
        NearDuplicates = 6,
        PersonalDataRows = 1,
        Fields = [new FieldStatistics("language", 0, 2, DistinctIsLeast: false, [new("en", 2_181), new("zh", 575)])],
    };

    private static LengthStatistics Lengths(string unit, int width) =>
        new(unit, 2, 9 * width, 25 * width, 60 * width, [.. Enumerable.Range(0, 20).Select(i => new HistogramBar(i * width, (i + 1) * width, (long)(300 * Math.Exp(-Math.Pow(i - 6, 2) / 14.0))))]);

    private static LabellingItem Item() => new(17, "The connection drops every evening, and my bill is wrong too.", "", new Dictionary<string, string> { ["language"] = "en" }, FakeContent.Now.AddMinutes(10));

    private CleaningProposal Proposal() => new()
    {
        Id = Cleaning,
        Dataset = "helpdesk",
        Version = Version,
        Rows = 2_756,
        Steps = [.. _changes.GroupBy(c => c.Step).Select(g => new CleaningStepSummary { Step = g.Key, Changes = g.Count(), Accepted = g.Count(c => c.Verdict == CleaningVerdict.Accepted), Rejected = g.Count(c => c.Verdict == CleaningVerdict.Rejected) })],
        CreatedAt = FakeContent.Now,
        By = "ada",
    };

    private LabellingSummary Summary() => new()
    {
        Id = Labelling,
        Dataset = "helpdesk",
        Version = Version,
        Schema = new LabelSchema { Labels = [new("outage_status", "1"), new("refund", "2", "Money back"), new("invoice_copy", "3"), new("out_of_scope", "4")], Instructions = "Choose what the customer wants done." },
        Overlap = 2,
        CreatedAt = FakeContent.Now,
        By = "ada",
        Rows = 2_756,
        Done = 120 + _labels.Count,
        Disagreements = 1,
        Annotators = [new("ada", 130, 2, 1), new("bob", 118, 0, 4), new("cyd", 0, 0, 0)],
        Agreeing = 0.91,
        Agreement = [new("cohen", "ada, bob", 0.82, 0.74, 0.89, 118, null), new("fleiss", null, null, null, null, 118, "Annotators labelled different numbers of rows."), new("krippendorff", null, 0.821, 0.742, 0.889, 118, null)],
        Order = "uncertainty",
    };

    private HttpResponseMessage Decide(HttpContent content)
    {
        var decision = content.ReadFromJsonAsync(Json.CleaningDecision).GetAwaiter().GetResult()!;
        for (var i = 0; i < _changes.Count; i++)
        {
            if ((decision.Change is null || decision.Change == _changes[i].Number) && (decision.Step is null || decision.Step == _changes[i].Step))
            {
                _changes[i] = _changes[i] with { Verdict = decision.Verdict };
            }
        }

        return Ok(Proposal(), Json.CleaningProposal);
    }

    private HttpResponseMessage Label(HttpContent content)
    {
        _labels.Add(content.ReadFromJsonAsync(Json.LabelRequest).GetAwaiter().GetResult()!);
        return Ok(Summary(), Json.LabellingSummary);
    }
}
