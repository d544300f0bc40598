// Asks a Landfall server: client <server> lists its apps; client <server> <app> <text> asks one of them.
using Landfall.Protocol;
using Landfall.Protocol.Errors;

if (args.Length is not (1 or 3) || !Uri.TryCreate(args[0].TrimEnd('/') + "/", UriKind.Absolute, out var server))
{
    Console.Error.WriteLine("usage: client <server> [<app> <text>], such as: client http://127.0.0.1:5117 helpdesk \"My line is dead\"");
    return 2;
}

using var http = new HttpClient { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
var landfall = new LandfallClient(http);
try
{
    if (args.Length == 3)
    {
        var answer = await landfall.TryAsync(args[1], args[2]);
        Console.WriteLine($"{answer.Answer} ({answer.Confidence:0.00}, {answer.Milliseconds:0.0} ms)");
        return 0;
    }

    foreach (var app in await landfall.GetAppsAsync())
    {
        Console.WriteLine($"{app.Name}: {app.Release?.Candidate ?? "no release"}");
    }

    return 0;
}
catch (LandfallApiException error)
{
    Console.Error.WriteLine($"{error.Code}: {error.Message}");
    return 1;
}
catch (HttpRequestException error)
{
    Console.Error.WriteLine($"{server} cannot be reached: {error.Message}");
    return 1;
}
