using Landfall.Protocol.Briefs;

namespace Landfall.Commands.Land;

/// <summary>A brief that is ready to land: its files are on the server and it was checked.</summary>
/// <param name="Display">What messages call the brief.</param>
/// <param name="Source">Text and files.</param>
/// <param name="Check">What the server says of it.</param>
/// <param name="Origin">Identity of its folder.</param>
/// <param name="ReportFolder">Where its reports go unless the user says otherwise.</param>
internal sealed record BriefToLand(string Display, BriefSource Source, BriefCheckResponse Check, string Origin, string ReportFolder);
