namespace Landfall.Platform.Datasets;

/// <summary>Names of further fields that mean something to the product, wherever a row came from.</summary>
public static class ReservedFields
{
    /// <summary>The system prompt.</summary>
    public const string System = "system";

    /// <summary>The messages before the row's text, but for the system prompt: a JSON array of <c>{"role","content"}</c>.</summary>
    public const string History = "history";

    /// <summary>The answer that was liked less; the row's expected output is the one that was liked more.</summary>
    public const string Rejected = "rejected";

    /// <summary>Rows with the same value belong together: a split never tears them apart.</summary>
    public const string Group = "group";

    /// <summary>The tools that the answer could call: a JSON array as in OpenAI's API.</summary>
    public const string Tools = "tools";

    /// <summary>The calls of the answer itself: a JSON array as in OpenAI's API.</summary>
    public const string ToolCalls = "tool_calls";

    /// <summary>What lies between the text and the answer (tool calls and their results): a JSON array of messages.</summary>
    public const string Steps = "steps";
}
