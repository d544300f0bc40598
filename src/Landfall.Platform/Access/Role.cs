namespace Landfall.Platform.Access;

/// <summary>What a caller may do; each role may do all that those before it may.</summary>
public enum Role
{
    /// <summary>Reads and asks.</summary>
    Viewer,

    /// <summary>Changes data, prompts, labels and briefs, and lands apps.</summary>
    Editor,

    /// <summary>Decides what takes traffic, and stops what others started.</summary>
    Operator,

    /// <summary>Manages users, teams and keys.</summary>
    Admin,
}
