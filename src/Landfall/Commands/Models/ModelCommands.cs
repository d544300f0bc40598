using System.CommandLine;
using System.Globalization;
using Landfall.Commands.Datasets;
using Landfall.Protocol;
using Landfall.Protocol.Models;
using Spectre.Console;

namespace Landfall.Commands.Models;

/// <summary><c>landfall model</c>: models that the server itself runs.</summary>
internal static class ModelCommands
{
    public static Command Create(CommandRunner runner) => new("model", "Models that Landfall itself runs: import, chat, quantise, export, measure")
    {
        ModelImportCommand.Create(runner),
        List(runner),
        Show(runner),
        ModelRunCommand.Create(runner),
        ModelQuantiseCommand.Create(runner),
        ModelExportCommand.Create(runner),
        ModelBenchCommand.Create(runner),
        Remove(runner),
    };

    internal static Argument<string> Name() => new("name") { Description = "The model's name" };

    /// <summary>The type that most of a model's bytes are of.</summary>
    internal static string TypeOf(ModelSummary model) => model.Types.Count == 0 ? "" : model.Types[0].Type;

    internal static string Describe(ModelSummary model) =>
        $"{model.Name}: {model.Family}, {Figures.Count(model.Parameters)} parameters, {TypeOf(model)}, {Figures.Bytes(model.Bytes)}, context {model.ContextLength.ToString(CultureInfo.InvariantCulture)}";

    private static Command List(CommandRunner runner) => runner.Handle(new Command("list", "All models"), async (context, _, cancellation) =>
    {
        var session = await context.ConnectAsync(cancellation);
        await using (session)
        {
            var models = await session.Client.GetModelsAsync(cancellation);
            if (context.Json)
            {
                context.WriteJson(models, json => json.IReadOnlyListModelSummary);
                return ExitCodes.Ok;
            }

            var table = Tables.Create(context.People, "model!", "family!", ">parameters!", "type!", ">size!", ">context!", "from");
            foreach (var model in models)
            {
                table.Add(
                    model.Name, model.Family, Figures.Count(model.Parameters), TypeOf(model), Figures.Bytes(model.Bytes), model.ContextLength.ToString(CultureInfo.InvariantCulture), From(model));
            }

            context.Show(table);
            return ExitCodes.Ok;
        }
    });

    private static Command Show(CommandRunner runner)
    {
        var name = Name();
        return runner.Handle(new Command("show", "A model: where it came from, sizes, types, files") { name }, async (context, arguments, cancellation) =>
        {
            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                var detail = await session.Client.GetModelAsync(arguments.GetRequiredValue(name), cancellation);
                if (context.Json)
                {
                    context.WriteJson(detail, json => json.ModelDetail);
                    return ExitCodes.Ok;
                }

                Describe(context, detail);
                return ExitCodes.Ok;
            }
        });
    }

    private static void Describe(CommandContext context, ModelDetail detail)
    {
        var model = detail.Model;
        context.Say(Describe(model));
        context.Say($"Content: {model.Hash}");
        context.Say($"From: {From(model)}, by Landfall {model.Lineage.Landfall}; added by {model.CreatedBy} {Figures.Time(model.CreatedAt, context.Clock)}");
        context.Say($"Layers: {model.Layers}; hidden size: {model.HiddenSize}; vocabulary: {model.VocabularySize}; chat template: {(model.HasChatTemplate ? "its own" : "none")}");
        if (model.Adapter is { } adapter)
        {
            context.Say($"Adapter: {adapter} ({string.Join(", ", model.Metadata.Select(m => $"{m.Key} {m.Value}"))}), for {model.Lineage.From}");
        }

        if (model.Licence is { } licence)
        {
            context.Say($"Licence: {licence}");
        }

        Related("Made from", detail.Ancestors);
        Related("Made of it", detail.Descendants);
        Related("Made from the same", detail.Siblings);
        var types = Tables.Create(context.People, "tensors of type!", ">number!", ">size!");
        foreach (var type in model.Types)
        {
            types.Add(type.Type, type.Tensors.ToString(CultureInfo.InvariantCulture), Figures.Bytes(type.Bytes));
        }

        context.Show(types);
        var files = Tables.Create(context.People, "file", ">size!", "sha256!");
        foreach (var file in model.Files)
        {
            files.Add(file.Name, Figures.Bytes(file.Bytes), DatasetCommands.Short(file.Sha256));
        }

        context.Show(files);

        void Related(string what, IReadOnlyList<ModelSummary> models)
        {
            if (models.Count > 0)
            {
                context.Say($"{what}: {string.Join(", ", models.Select(m => $"{m.Name} ({TypeOf(m)})"))}");
            }
        }
    }

    private static string From(ModelSummary model) => model.Lineage switch
    {
        { From: { } from, Type: { } type } => $"{from}, {model.Lineage.Made} as {type}",
        { From: { } from } => $"{from}, {model.Lineage.Made}",
        { Source: { } source } => source,
        _ => model.Lineage.Made,
    };

    private static Command Remove(CommandRunner runner)
    {
        var name = Name();
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask" };
        return runner.Handle(new Command("remove", "Remove a model, and of its files those that no other model has") { name, yes }, async (context, arguments, cancellation) =>
        {
            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                var model = (await session.Client.GetModelAsync(arguments.GetRequiredValue(name), cancellation)).Model;
                if (!arguments.GetValue(yes) && context.Console.CanAsk && !await context.People.ConfirmAsync(Markup.Escape($"Remove {Describe(model)}?"), defaultValue: false, cancellation))
                {
                    return ExitCodes.Usage;
                }

                await session.Client.RemoveModelAsync(model.Name, cancellation);
                context.Say($"Removed {model.Name}.");
                if (context.Json)
                {
                    context.WriteJson(model, json => json.ModelSummary);
                }

                return ExitCodes.Ok;
            }
        });
    }
}
