using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Landfall.Platform.Access;

public static class AccessServiceCollectionExtensions
{
    /// <summary>Adds users, teams, keys, sessions and the audit log.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<AccessCache>();
        services.TryAddSingleton<ServerSecrets>();
        services.TryAddSingleton<TeamStore>();
        services.TryAddSingleton<UserStore>();
        services.TryAddSingleton<UserAdministration>();
        services.TryAddSingleton<KeyStore>();
        services.TryAddSingleton<SessionStore>();
        services.TryAddSingleton<SignInThrottle>();
        services.TryAddSingleton<SignIn>();
        services.TryAddSingleton<AuditLog>();
        services.TryAddSingleton<AuditBudget>();
        services.TryAddSingleton<FormAudit>();
        services.TryAddSingleton<Authenticator>();
        return services;
    }
}
