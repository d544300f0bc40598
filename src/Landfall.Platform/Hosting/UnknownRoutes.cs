using Landfall.Platform.Gateway;
using Landfall.Protocol.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Landfall.Platform.Hosting;

/// <summary>Programs that ask for what is not there get an error they can read, not a page for people.</summary>
public static class UnknownRoutes
{
    public static IEndpointRouteBuilder MapUnknown(this IEndpointRouteBuilder routes)
    {
        routes.Map("/v1/{**rest}", IResult (HttpContext context) => GatewayErrors.Create(StatusCodes.Status404NotFound, Describe(context), code: "unknown_url")).ExcludeFromDescription();
        routes.Map("/api/{**rest}", IResult (HttpContext context) => ApiProblems.Create(StatusCodes.Status404NotFound, ErrorCodes.NotFound, Describe(context))).ExcludeFromDescription();
        return routes;
    }

    private static string Describe(HttpContext context) => $"There is no {context.Request.Method} {context.Request.Path}. /openapi/v1.json lists what there is.";
}
