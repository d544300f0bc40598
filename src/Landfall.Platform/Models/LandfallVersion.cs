using System.Reflection;

namespace Landfall.Platform.Models;

/// <summary>Which Landfall did something, for what it made.</summary>
internal static class LandfallVersion
{
    public static string Text { get; } =
        typeof(LandfallVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}
