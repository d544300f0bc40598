using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Landfall.Platform.Briefs;
using Landfall.Platform.Datasets;
using Landfall.Platform.Endpoints;
using Landfall.Platform.Evaluation.Metrics;
using Landfall.Platform.Prompts;
using Landfall.Platform.Runs;
using Landfall.Protocol.Errors;

namespace Landfall.Platform.Candidates.Techniques.Prompting;

/// <summary>
/// <c>prompt</c>: a language model that is asked with an instruction and the training rows nearest to the question. Instruction
/// and example count are searched for on validation data.
/// </summary>
internal sealed class PromptTechnique(IChatEndpoints endpoints, PromptStore prompts) : ITechnique
{
    /// <summary>The label in the registry that the newest landing's prompt has.</summary>
    public const string LandedLabel = "landed";

    public string Name => "prompt";

    public int Rung => 30;

    public int Version => 1;

    public IReadOnlyDictionary<string, string> Settings => PromptSettings.Help;

    public string? WhyUnfit(Brief brief) => brief.Interaction switch
    {
        Interaction.Agent => "it calls no tools.",
        Interaction.DocumentQa => "it reads no documents.",
        _ => brief.Output == OutputKind.CitedAnswer ? "it cannot cite its sources." : null,
    };

    public string? WhyUnavailable() => endpoints.Find(null) is null ? WhyNone(name: null) : null;

    public async ValueTask<Standing> StandAsync(Brief brief, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation)
    {
        PromptSettings wanted;
        try
        {
            wanted = PromptSettings.Read(settings);
        }
        catch (RunFailedException refused)
        {
            return new Standing("", refused.Message);
        }

        if (endpoints.Find(wanted.Endpoint) is not { } endpoint)
        {
            return new Standing("", WhyNone(wanted.Endpoint));
        }

        if (brief.Budget.MoneyUsd is not null && !endpoint.HasPrices)
        {
            return new Standing("", $"the brief limits the money, and the endpoint '{endpoint.Name}' has no prices to count it by. Set its prices per million tokens, or remove budget.money.");
        }

        var version = "";
        if (wanted.Prompt is { } reference)
        {
            if (await prompts.FindAsync(reference, cancellation).ConfigureAwait(false) is not { } found)
            {
                return new Standing("", $"the registry has no prompt '{reference}'. `landfall prompts list` shows what it has.");
            }

            version = found.Hash;
        }

        // All that the instructions are written from, and who answers them.
        var context = string.Join('\n', endpoint.Identity, version, brief.Scenario, string.Join('\t', brief.Scope?.In ?? []), brief.Scope?.Out?.Reply, brief.OutputSchema);
        return new Standing(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(context)))[..32], WhyUnavailable: null);
    }

    // The time is that of a call of about a third of a second, eight at a time; the search has about 500 of them.
    public CostForecast Forecast(long trainRows, long testRows, int labels) =>
        new(TimeSpan.FromSeconds(5 + ((testRows + 500) * 0.04)), (200L << 20) + (trainRows * 5_000));

    public async Task<TrainedCandidate> TrainAsync(TrainingInput input, Stream artifact, IProgress<double> progress, CancellationToken cancellation)
    {
        var settings = PromptSettings.Read(input.Settings);
        var endpoint = endpoints.Find(settings.Endpoint) ?? throw new RunFailedException($"Nothing can be asked: {WhyNone(settings.Endpoint)}", ErrorCodes.EndpointFailed);
        var labels = input.Brief.Output == OutputKind.Label ? InstructionDrafts.LabelsOf(input.Train) : [];
        var asker = new PromptAsker(endpoints.Open(endpoint), new ExamplePool(input.Train), new AnswerReading(input.Brief.Output, labels, input.Brief.OutputSchema));
        var notes = new List<string> { $"Asked {endpoint.Model} at the endpoint '{endpoint.Name}'{(endpoint.HasPrices ? "" : ", whose prices are not known: its cost counts as 0")}." };
        var (instructions, from) = await InstructionsAsync(settings, input, cancellation).ConfigureAwait(false);
        notes.AddRange(from);
        var chosen = new Arm(instructions[0], settings.Examples ?? 0);
        var cost = 0m;
        if (settings.Searches && input.Validation.Count > 0)
        {
            var found = await SearchAsync(input, settings, instructions, asker, endpoint, labels, progress, cancellation).ConfigureAwait(false);
            (chosen, cost) = (found.Best.Arm, found.CostUsd);
            notes.AddRange(Describe(found));
        }

        await WriteAsync(input, endpoint, chosen, labels, artifact, cancellation).ConfigureAwait(false);
        if (!input.IsTrial)
        {
            notes.Add(await RecordAsync(input.Brief, chosen, cancellation).ConfigureAwait(false));
        }

        return new TrainedCandidate(TrainedParameters: 0, cost, notes);
    }

    public IPredictor Load(Stream artifact) => new PromptPredictor(PromptArtifact.Read(artifact), endpoints);

    private string WhyNone(string? name)
    {
        var problem = endpoints.Problems is { Count: > 0 } problems ? $" {problems[0]}" : "";
        return name is null
            ? $"there is no language model to ask: no endpoint is set, OPENAI_API_KEY is not, and no Ollama runs on this machine.{problem}"
            : $"there is no endpoint '{name}'.{problem}";
    }

    /// <summary>The instructions to choose among: the one that the brief gives, or those drafted from it.</summary>
    private async Task<(IReadOnlyList<Instruction> Instructions, IReadOnlyList<string> Notes)> InstructionsAsync(PromptSettings settings, TrainingInput input, CancellationToken cancellation)
    {
        if (settings is { Prompt: null, Instruction: null })
        {
            return (InstructionDrafts.Of(input.Brief, input.Train), []);
        }

        var (name, text, note) = (settings.Instruction is null ? settings.Prompt! : "given", settings.Instruction, "The instruction is the brief's.");
        if (settings.Prompt is { } reference)
        {
            var version = await prompts.FindAsync(reference, cancellation).ConfigureAwait(false)
                ?? throw new RunFailedException($"The registry has no prompt '{reference}'.", ErrorCodes.BriefInvalid);
            (text, note) = (version.Text, $"The instruction is version {version.Number} ({version.Hash}) of the prompt '{version.Name}', found as {reference}.");
        }

        try
        {
            return ([new Instruction(name, PromptText.Fill(text!, InstructionDrafts.Values(input.Brief, input.Train)))], [note]);
        }
        catch (KeyNotFoundException unknown)
        {
            throw new RunFailedException($"The prompt '{name}': {unknown.Message}", ErrorCodes.BriefInvalid);
        }
    }

    private async Task<SearchOutcome> SearchAsync(
        TrainingInput input, PromptSettings settings, IReadOnlyList<Instruction> instructions, PromptAsker asker, ChatEndpoint endpoint, IReadOnlyList<string> labels,
        IProgress<double> progress, CancellationToken cancellation)
    {
        int[] counts = settings.Examples is { } set ? [set] : [0, 4, 12];
        var arms = counts.SelectMany(count => instructions.Select(i => new Arm(i, count))).ToList();
        var rewriter = new InstructionRewriter(endpoints.Open(endpoint), labels);
        var isGiven = settings.Prompt is not null || settings.Instruction is not null;
        return await new PromptSearch(asker, input.Validation, ScoreOf(input.Brief), endpoint.MaxParallel, progress)
            .RunAsync(arms, isGiven ? null : (arm, mistakes) => rewriter.RewriteAsync(arm, mistakes, cancellation), cancellation).ConfigureAwait(false);
    }

    private static Func<Row, string, double> ScoreOf(Brief brief) => brief.Output == OutputKind.Label
        ? (row, got) => string.Equals(row.Expected, got, StringComparison.Ordinal) ? 1 : 0
        : (row, got) => TokenF1.F1(row.Expected, got);

    private static IEnumerable<string> Describe(SearchOutcome found)
    {
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"Chosen on validation data: {found.Best.Arm} scores {found.Best.Score:0.000} on {found.Best.Rows} rows; the first prompt, {found.First.Arm}, scores {found.First.Score:0.000} on {found.First.Rows}.");
        yield return $"Tried: {string.Join("; ", found.Trials)}.";
        foreach (var remark in found.Remarks)
        {
            yield return remark;
        }
    }

    private static Task WriteAsync(TrainingInput input, ChatEndpoint endpoint, Arm chosen, IReadOnlyList<string> labels, Stream artifact, CancellationToken cancellation) =>
        new PromptArtifact
        {
            Format = PromptArtifact.Current,
            Endpoint = endpoint.Name,
            EndpointIdentity = endpoint.Identity,
            Instruction = chosen.Instruction.Text,
            Examples = chosen.Examples,
            Output = input.Brief.Output,
            Labels = labels,
            Schema = input.Brief.OutputSchema,
            Rows = chosen.Examples == 0 ? [] : [.. input.Train.Select(r => new[] { r.Text, r.Expected })],
        }.WriteAsync(artifact, cancellation);

    /// <summary>The prompt that a landing chose can be found, compared and taken from there by name.</summary>
    private async Task<string> RecordAsync(Brief brief, Arm chosen, CancellationToken cancellation)
    {
        // Filled in already: braces in it are text.
        var version = await prompts.AddAsync(brief.App, chosen.Instruction.Text, $"Chosen by a landing: {chosen}.", cancellation).ConfigureAwait(false);
        await prompts.LabelAsync(version, LandedLabel, cancellation).ConfigureAwait(false);
        return $"The prompt is in the registry as '{brief.App}', version {version.Hash}.";
    }
}
