namespace Landfall.Platform.Storage;

/// <summary>
/// A row that belongs to a team. The context filters every query by the present caller's team, and stamps what is added;
/// a key that users choose (a name) has the team in it.
/// </summary>
public interface ITeamOwned
{
    /// <summary>Set when the row is added.</summary>
    string Team { get; set; }
}
