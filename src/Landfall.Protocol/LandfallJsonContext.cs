using System.Text.Json;
using System.Text.Json.Serialization;
using Landfall.Protocol.Access;
using Landfall.Protocol.Apps;
using Landfall.Protocol.Blobs;
using Landfall.Protocol.Briefs;
using Landfall.Protocol.Datasets;
using Landfall.Protocol.Drafts;
using Landfall.Protocol.Endpoints;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Labelling;
using Landfall.Protocol.Landings;
using Landfall.Protocol.Models;
using Landfall.Protocol.Prompts;
using Landfall.Protocol.Reports;
using Landfall.Protocol.Runs;
using Landfall.Protocol.Search;
using Landfall.Protocol.Servers;
using Landfall.Protocol.Training;

namespace Landfall.Protocol;

/// <summary>The one JSON form of the protocol: camelCase, enums as kebab-case words, nulls left out.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ApiProblem))]
[JsonSerializable(typeof(TuningOrder))]
[JsonSerializable(typeof(TuningExample))]
[JsonSerializable(typeof(WorkerEvent))]
[JsonSerializable(typeof(RunDetail))]
[JsonSerializable(typeof(RunEvent))]
[JsonSerializable(typeof(RunSummary))]
[JsonSerializable(typeof(IReadOnlyList<RunSummary>))]
[JsonSerializable(typeof(IReadOnlyList<RunLogLine>))]
[JsonSerializable(typeof(BriefSource))]
[JsonSerializable(typeof(BriefCheckResponse))]
[JsonSerializable(typeof(IReadOnlyList<BriefTemplate>))]
[JsonSerializable(typeof(BriefDraftRequest))]
[JsonSerializable(typeof(BriefDraft))]
[JsonSerializable(typeof(EndpointList))]
[JsonSerializable(typeof(EndpointSummary))]
[JsonSerializable(typeof(EndpointSettings))]
[JsonSerializable(typeof(EndpointCheck))]
[JsonSerializable(typeof(IReadOnlyList<CallSummary>))]
[JsonSerializable(typeof(CallDetail))]
[JsonSerializable(typeof(IReadOnlyList<PromptSummary>))]
[JsonSerializable(typeof(PromptDetail))]
[JsonSerializable(typeof(PromptVersion))]
[JsonSerializable(typeof(AddPromptRequest))]
[JsonSerializable(typeof(LabelPromptRequest))]
[JsonSerializable(typeof(PromptDiff))]
[JsonSerializable(typeof(PlaygroundRequest))]
[JsonSerializable(typeof(PlaygroundEvent))]
[JsonSerializable(typeof(DatasetSummary))]
[JsonSerializable(typeof(IReadOnlyList<DatasetSummary>))]
[JsonSerializable(typeof(DatasetPage))]
[JsonSerializable(typeof(DatasetDiff))]
[JsonSerializable(typeof(DatasetPreview))]
[JsonSerializable(typeof(ImportRequest))]
[JsonSerializable(typeof(CleaningRequest))]
[JsonSerializable(typeof(CleaningProposal))]
[JsonSerializable(typeof(IReadOnlyList<CleaningProposal>))]
[JsonSerializable(typeof(CleaningChangePage))]
[JsonSerializable(typeof(CleaningDecision))]
[JsonSerializable(typeof(SplitRequest))]
[JsonSerializable(typeof(SplitResult))]
[JsonSerializable(typeof(DatasetStatistics))]
[JsonSerializable(typeof(LabellingRequest))]
[JsonSerializable(typeof(LabellingSummary))]
[JsonSerializable(typeof(IReadOnlyList<LabellingSummary>))]
[JsonSerializable(typeof(ClaimRequest))]
[JsonSerializable(typeof(LabellingClaim))]
[JsonSerializable(typeof(LabelRequest))]
[JsonSerializable(typeof(LabelExportRequest))]
[JsonSerializable(typeof(IReadOnlyList<LabelDisagreement>))]
[JsonSerializable(typeof(IReadOnlyList<LabelEvent>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(PreviewRequest))]
[JsonSerializable(typeof(ModelSummary))]
[JsonSerializable(typeof(IReadOnlyList<ModelSummary>))]
[JsonSerializable(typeof(ModelDetail))]
[JsonSerializable(typeof(ImportModelRequest))]
[JsonSerializable(typeof(ImportModelPathRequest))]
[JsonSerializable(typeof(QuantiseModelRequest))]
[JsonSerializable(typeof(ExportModelRequest))]
[JsonSerializable(typeof(ModelExport))]
[JsonSerializable(typeof(BenchModelRequest))]
[JsonSerializable(typeof(ModelBench))]
[JsonSerializable(typeof(ModelChatRequest))]
[JsonSerializable(typeof(ModelChatChunk))]
[JsonSerializable(typeof(ModelAnswer))]
[JsonSerializable(typeof(LandingRequest))]
[JsonSerializable(typeof(LandingPlan))]
[JsonSerializable(typeof(LandingResult))]
[JsonSerializable(typeof(SearchRequest))]
[JsonSerializable(typeof(SearchPlans))]
[JsonSerializable(typeof(SearchDetail))]
[JsonSerializable(typeof(SearchResult))]
[JsonSerializable(typeof(Report))]
[JsonSerializable(typeof(IReadOnlyList<AppSummary>))]
[JsonSerializable(typeof(AppDetail))]
[JsonSerializable(typeof(IReadOnlyList<LandingRecord>))]
[JsonSerializable(typeof(LandingDetail))]
[JsonSerializable(typeof(ReleaseComparison))]
[JsonSerializable(typeof(ReleaseRequest))]
[JsonSerializable(typeof(ReleaseReport))]
[JsonSerializable(typeof(ExamplePage))]
[JsonSerializable(typeof(TryRequest))]
[JsonSerializable(typeof(TryResponse))]
[JsonSerializable(typeof(BriefFormRequest))]
[JsonSerializable(typeof(BriefFormResponse))]
[JsonSerializable(typeof(BriefEditRequest))]
[JsonSerializable(typeof(BriefEdit))]
[JsonSerializable(typeof(BriefChoices))]
[JsonSerializable(typeof(UploadedBlob))]
[JsonSerializable(typeof(Draft))]
[JsonSerializable(typeof(DraftChange))]
[JsonSerializable(typeof(DraftRequest))]
[JsonSerializable(typeof(IReadOnlyList<DraftSummary>))]
[JsonSerializable(typeof(ServerInfo))]
[JsonSerializable(typeof(SessionInfo))]
[JsonSerializable(typeof(UserSummary))]
[JsonSerializable(typeof(IReadOnlyList<UserSummary>))]
[JsonSerializable(typeof(AddUserRequest))]
[JsonSerializable(typeof(ChangeRoleRequest))]
[JsonSerializable(typeof(SetPasswordRequest))]
[JsonSerializable(typeof(ChangePasswordRequest))]
[JsonSerializable(typeof(TeamSummary))]
[JsonSerializable(typeof(IReadOnlyList<TeamSummary>))]
[JsonSerializable(typeof(CreateTeamRequest))]
[JsonSerializable(typeof(KeySummary))]
[JsonSerializable(typeof(IReadOnlyList<KeySummary>))]
[JsonSerializable(typeof(CreateKeyRequest))]
[JsonSerializable(typeof(CreatedKey))]
[JsonSerializable(typeof(AuditPage))]
public sealed partial class LandfallJsonContext : JsonSerializerContext
{
    /// <summary>The same form, indented: for files that people read.</summary>
    public static LandfallJsonContext Indented { get; } =
        new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
