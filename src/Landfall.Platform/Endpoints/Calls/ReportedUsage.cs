using System.Globalization;

namespace Landfall.Platform.Endpoints.Calls;

/// <summary>The tokens of a call: what the endpoint reports, or an estimate where that cannot be true.</summary>
/// <param name="PromptTokens">Tokens read.</param>
/// <param name="CompletionTokens">Tokens written.</param>
/// <param name="Note">Why the report is not believed; null: it is.</param>
internal sealed record ReportedUsage(long PromptTokens, long CompletionTokens, string? Note)
{
    /// <summary>Tokenizers differ from the estimate, for code or rare languages by a few times: beyond this, it is no count of this text.</summary>
    private const int Tolerance = 8;
    private const int Slack = 200;

    /// <summary>Believes a report that can be true.</summary>
    /// <param name="body">The answer.</param>
    /// <param name="promptEstimate">Our estimate of the request.</param>
    public static ReportedUsage Judge(CompletionBody body, long promptEstimate)
    {
        var completionEstimate = TokenEstimate.Of(body.Text) + TokenEstimate.Of(body.ToolCalls);
        var why = WhyDoubted(body, promptEstimate, completionEstimate);
        return why is null
            ? new ReportedUsage(body.PromptTokens!.Value, body.CompletionTokens!.Value, Note: null)
            : new ReportedUsage(promptEstimate, completionEstimate, why);
    }

    private static string? WhyDoubted(CompletionBody body, long promptEstimate, long completionEstimate)
    {
        if (body.PromptTokens is not { } prompt || body.CompletionTokens is not { } completion)
        {
            return "the endpoint reports no usage; tokens and cost are estimated.";
        }

        // Thinking is paid for and not shown.
        var shown = completion - Math.Clamp(body.ReasoningTokens, 0, Math.Max(0, completion));
        return prompt < 0 || completion < 0 || IsAbsurd(prompt, promptEstimate) || IsAbsurd(shown, completionEstimate)
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"the endpoint reports {prompt} and {completion} tokens where about {promptEstimate} and {completionEstimate} are plausible; tokens and cost are estimated.")
            : null;
    }

    private static bool IsAbsurd(long reported, long estimate) =>
        reported > (estimate * Tolerance) + Slack || (reported * Tolerance) + Slack < estimate || (reported == 0 && estimate > 0);
}
