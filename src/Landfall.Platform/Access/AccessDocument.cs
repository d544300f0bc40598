using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Landfall.Platform.Access;

/// <summary>Writes the rules of endpoints into the OpenAPI document: who reads it sees who may call what.</summary>
public static class AccessDocument
{
    /// <summary>The member of an operation that names the least role which may call it.</summary>
    public const string RoleMember = "x-required-role";

    /// <summary>The member that says that keys for the gateway alone may call it, too.</summary>
    public const string GatewayMember = "x-gateway-keys";

    /// <summary>The member that says that the caller has to be an owner of the installation.</summary>
    public const string OwnersMember = "x-owners-only";

    public static OpenApiOptions DescribeAccess(this OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Components ??= new OpenApiComponents();
            document.AddComponent("key", new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key (`landfall keys create`)." });
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("key", document)] = [] }];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var metadata = context.Description.ActionDescriptor.EndpointMetadata;
            operation.Extensions ??= new Dictionary<string, IOpenApiExtension>(StringComparer.Ordinal);
            if (metadata.OfType<RequiredRole>().LastOrDefault() is { Role: var role })
            {
                operation.Extensions[RoleMember] = new JsonNodeExtension(JsonValue.Create(EndpointRules.NameOf(role)));
            }

            if (metadata.OfType<OwnerRequired>().Any())
            {
                operation.Extensions[OwnersMember] = new JsonNodeExtension(JsonValue.Create(true));
            }

            if (metadata.OfType<GatewayKeysAllowed>().Any())
            {
                operation.Extensions[GatewayMember] = new JsonNodeExtension(JsonValue.Create(true));
            }

            return Task.CompletedTask;
        });
        return options;
    }
}
