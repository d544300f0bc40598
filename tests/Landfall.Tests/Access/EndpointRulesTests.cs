using Landfall.Platform.Access;
using Landfall.Tests.Hosting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Landfall.Tests.Access;

/// <summary>No endpoint of the program is without a rule.</summary>
public sealed class EndpointRulesTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Fact]
    public void Endpoints_OfTheServer_AllHaveARule()
    {
        var endpoints = fixture.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        Assert.True(endpoints.Count > 30, $"Only {endpoints.Count} endpoints were found.");
        Assert.Empty(endpoints.Where(e => e.Metadata.GetMetadata<RequiredRole>() is null && e.Metadata.GetMetadata<IAllowAnonymous>() is null).Select(e => $"{e.DisplayName}"));
    }

    [Fact]
    public void Endpoints_OfTheApi_AreNobodysByAccident() =>
        Assert.Empty(fixture.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.TrimStart('/').StartsWith("api/", StringComparison.Ordinal) && e.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            .Select(e => e.RoutePattern.RawText));
}
