using System.CommandLine;
using Landfall.Commands.Datasets;
using Landfall.Protocol;
using Landfall.Protocol.Models;

namespace Landfall.Commands.Models;

/// <summary><c>landfall model quantise</c>: a smaller model of the same weights.</summary>
internal static class ModelQuantiseCommand
{
    public static Command Create(CommandRunner runner)
    {
        var name = ModelCommands.Name();
        var type = new Option<string>("--type") { Description = "f32, f16, bf16, q8_0, q4_0, q4_k or q6_k (default: q4_k)", HelpName = "type" };
        var made = new Option<string?>("--name") { Description = "The new model's name (default: the model's with the type)", HelpName = "name" };
        return runner.Handle(new Command("quantise", "Make a smaller model of the same weights") { name, type, made }, async (context, arguments, cancellation) =>
        {
            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                var (from, chosen) = (arguments.GetRequiredValue(name), arguments.GetValue(type) ?? "q4_k");
                var request = new QuantiseModelRequest { Name = arguments.GetValue(made) ?? $"{from}-{chosen.ToLowerInvariant()}", Type = chosen };
                var accepted = await session.Client.QuantiseModelAsync(from, request, cancellation);
                var (model, exitCode) = await RunResults.OfAsync(context, session, accepted, LandfallJsonContext.Default.ModelSummary, cancellation);
                return model is null ? exitCode : ModelImportCommand.Report(context, model);
            }
        });
    }
}
