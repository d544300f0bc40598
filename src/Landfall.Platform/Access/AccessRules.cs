using Microsoft.AspNetCore.Builder;

namespace Landfall.Platform.Access;

/// <summary>An endpoint's rule: the least role that may call it.</summary>
public sealed record RequiredRole(Role Role);

/// <summary>Marks an endpoint that keys for the gateway alone may call as well.</summary>
public sealed record GatewayKeysAllowed;

/// <summary>Marks an endpoint that is about the whole installation: besides the role it needs an owner.</summary>
public sealed record OwnerRequired;

/// <summary>Marks an endpoint that changes nothing though its method could: the audit log leaves it out.</summary>
public sealed record NothingChanged;

/// <summary>
/// Gives endpoints their rule. One without a rule answers nobody, and a test finds it. What anybody may call says so with
/// the framework's <c>AllowAnonymous</c>.
/// </summary>
public static class AccessRules
{
    /// <summary>Lets callers in who have the role, or one above it.</summary>
    public static TBuilder Requires<TBuilder>(this TBuilder endpoint, Role role)
        where TBuilder : IEndpointConventionBuilder => endpoint.With(new RequiredRole(role));

    /// <summary>Lets keys in, too, that are for the gateway alone.</summary>
    public static TBuilder OpenToGatewayKeys<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.With(new GatewayKeysAllowed());

    /// <summary>Lets owners of the installation in alone: what the endpoint changes is not one team's.</summary>
    public static TBuilder OwnersOnly<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.With(new OwnerRequired());

    /// <summary>Says of an endpoint with a method that could change something that it does not.</summary>
    public static TBuilder ChangesNothing<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.With(new NothingChanged());

    private static TBuilder With<TBuilder>(this TBuilder endpoint, object rule)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.WithMetadata(rule);
        return endpoint;
    }
}
