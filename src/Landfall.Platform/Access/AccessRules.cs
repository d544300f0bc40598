using Microsoft.AspNetCore.Builder;

namespace Landfall.Platform.Access;

/// <summary>An endpoint's rule: the least role that may call it.</summary>
public sealed record RequiredRole(Role Role);

/// <summary>Gives endpoints their rule. An endpoint without one is a defect that a test finds.</summary>
public static class AccessRules
{
    /// <summary>Lets callers in who have the role, or one above it.</summary>
    public static TBuilder Requires<TBuilder>(this TBuilder endpoint, Role role)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.WithMetadata(new RequiredRole(role));
        return endpoint;
    }
}
