using Landfall.Protocol.Models;

namespace Landfall.Console.Models;

/// <summary>Addresses and words of models.</summary>
internal static class ModelAddress
{
    /// <summary>A model's page.</summary>
    public static string Of(string name) => $"models/{Uri.EscapeDataString(name)}";

    /// <summary>A chat with a model.</summary>
    public static string Chat(string name) => $"chat?left={Uri.EscapeDataString(name)}";

    /// <summary>The type that most of a model's bytes are of.</summary>
    public static string TypeOf(ModelSummary model) => model.Types.Count == 0 ? "" : model.Types[0].Type;
}
