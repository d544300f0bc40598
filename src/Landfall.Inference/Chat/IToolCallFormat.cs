using System.Text.Json;
using Landfall.Inference.Constraints;
using Landfall.Inference.Tokenizers;

namespace Landfall.Inference.Chat;

/// <summary>How a family of models writes calls of tools, and what it thinks, into its answers.</summary>
public interface IToolCallFormat
{
    /// <summary>The format's name.</summary>
    string Name { get; }

    /// <summary>Whether its marks are special tokens, which then have to show in the text.</summary>
    bool HasSpecialMarks { get; }

    /// <summary>The constraint by which an answer is calls of these tools, with arguments that fit, and nothing else.</summary>
    /// <param name="tools">The tools that may be called; at least one.</param>
    /// <param name="several">Whether more than one call may be made.</param>
    /// <param name="vocabulary">The model's tokens.</param>
    /// <exception cref="ConstraintException">A tool's parameters are no schema that can be kept to.</exception>
    ITokenConstraint Force(IReadOnlyList<ToolSignature> tools, bool several, TokenVocabulary vocabulary);

    /// <summary>A parser for one answer.</summary>
    /// <param name="tools">Names of the tools that may be called; what looks like a call of another is text.</param>
    /// <param name="beginsInThought">Whether the prompt ends within a thought, so that the answer begins there.</param>
    IOutputParser CreateParser(IReadOnlyCollection<string> tools, bool beginsInThought = false);
}

/// <summary>A tool as a model is told of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parameters">The JSON schema of its arguments.</param>
public sealed record ToolSignature(string Name, JsonElement Parameters);

/// <summary>Takes an answer's text as it comes, and tells text, thoughts and calls apart. It never gives out part of a mark.</summary>
public interface IOutputParser
{
    /// <summary>What this text completes.</summary>
    IReadOnlyList<OutputPiece> Append(string text);

    /// <summary>What is left at the end.</summary>
    IReadOnlyList<OutputPiece> Flush();
}

/// <summary>A piece of an answer.</summary>
public abstract record OutputPiece;

/// <summary>Text for the reader.</summary>
public sealed record TextPiece(string Text) : OutputPiece;

/// <summary>What the model thinks before it answers.</summary>
public sealed record ReasoningPiece(string Text) : OutputPiece;

/// <summary>A call of a tool.</summary>
/// <param name="Name">The tool's name.</param>
/// <param name="Arguments">A JSON object.</param>
/// <param name="Id">The call's id, where the model wrote one.</param>
public sealed record ToolCallPiece(string Name, string Arguments, string? Id = null) : OutputPiece;
