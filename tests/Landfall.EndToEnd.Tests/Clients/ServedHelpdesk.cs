using System.Diagnostics;

namespace Landfall.EndToEnd.Clients;

/// <summary>The tests that share one <c>landfall land examples/helpdesk</c>, which serves what it has landed.</summary>
[CollectionDefinition(Name)]
public sealed class ServedHelpdeskCollection : ICollectionFixture<ServedHelpdesk>
{
    public const string Name = "served helpdesk";
}

/// <summary>The command of the README, run as it stands there, with a data folder and a report folder of its own; it serves until disposed of.</summary>
public sealed class ServedHelpdesk : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly TemporaryFolder _folder = new();
    private LandfallProcess? _process;

    /// <summary>The address that the command printed for clients, with <c>/v1</c>.</summary>
    public string Api { get; private set; } = "";

    public string Model { get; private set; } = "";

    /// <summary>The address of the server, without a slash at the end.</summary>
    public string Url => Api[..^"/v1".Length];

    public async ValueTask InitializeAsync()
    {
        _process = LandfallProcess.Start(["land", "examples/helpdesk", "--technique", "nearest", "--technique", "linear", "--data", _folder.PathOf("data"), "--out", _folder.PathOf("reports")]);
        var waited = Stopwatch.StartNew();
        while (Printed("Try it:") is null)
        {
            Assert.False(_process.HasExited, $"It ended before it served: {_process.Output}{_process.Error}");
            Assert.True(waited.Elapsed < Patience, $"It does not serve: {_process.Output}{_process.Error}");
            await Task.Delay(50);
        }

        Api = Printed("API:")!;
        Model = Printed("Model:")!.Split(' ')[0];
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _folder.Dispose();
    }

    private string? Printed(string heading) => $"{_process!.Output}\n{_process.Error}".Split('\n')
        .FirstOrDefault(line => line.StartsWith(heading, StringComparison.Ordinal))?[heading.Length..].Trim();
}
