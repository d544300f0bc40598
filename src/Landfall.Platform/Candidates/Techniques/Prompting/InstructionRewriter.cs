using System.Text;
using Landfall.Platform.Datasets;
using Landfall.Platform.Endpoints.Calls;
using Microsoft.Extensions.AI;

namespace Landfall.Platform.Candidates.Techniques.Prompting;

/// <summary>Lets the model itself write a better instruction, from one and what went wrong with it.</summary>
internal sealed class InstructionRewriter(IChatClient client, IReadOnlyList<string> labels)
{
    private const int Shown = 300;

    /// <summary>The new instruction, or null where what came is none; with what it cost, and a sentence on it.</summary>
    public async Task<(Instruction? Written, decimal CostUsd, string Remark)> RewriteAsync(
        Arm arm, IReadOnlyList<(Row Row, string Got)> mistakes, CancellationToken cancellation)
    {
        var request = new StringBuilder()
            .AppendLine("Here is an instruction for a language model:").AppendLine("<instruction>").AppendLine(arm.Instruction.Text).AppendLine("</instruction>")
            .AppendLine("With it, these messages were answered wrongly:");
        foreach (var (row, got) in mistakes)
        {
            request.AppendLine($"Message: {Shorten(row.Text)}").AppendLine($"Answer: {Shorten(got)}").AppendLine($"Right answer: {Shorten(row.Expected)}");
        }

        request.Append("Write a better instruction that would avoid such mistakes without naming these messages. Keep what it says about the form of the answer")
            .Append(labels.Count > 0 ? ", and keep every label in it, spelled as it is." : ".").Append(" Answer with the new instruction and nothing else.");
        var messages = new List<ChatMessage>
        {
            new(ChatRole.System, "You improve instructions for language models."),
            new(ChatRole.User, request.ToString()),
        };
        var response = await client.GetResponseAsync(messages, options: null, cancellation).ConfigureAwait(false);
        var cost = response.Receipt()?.CostUsd ?? 0;
        var text = response.Text.Replace("<instruction>", "", StringComparison.Ordinal).Replace("</instruction>", "", StringComparison.Ordinal).Trim();
        var missing = labels.Count(label => !text.Contains(label, StringComparison.Ordinal));
        if (text.Length < 20 || text.Length > (arm.Instruction.Text.Length * 4) + 2000 || missing > 0)
        {
            return (null, cost, missing > 0 && text.Length >= 20
                ? $"The model's own rewrite of the instruction left out {missing} of {labels.Count} labels and was not tried."
                : "The model's own rewrite of the instruction was not usable and was not tried.");
        }

        return (new Instruction("rewritten", text), cost, $"The model rewrote {arm} from its mistakes; the rewrite was tried.");
    }

    private static string Shorten(string text) => (text.Length > Shown ? text[..Shown] + "..." : text).ReplaceLineEndings(" ");
}
