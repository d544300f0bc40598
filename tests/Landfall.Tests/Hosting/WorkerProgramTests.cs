using Landfall.Hosting;

namespace Landfall.Tests.Hosting;

public sealed class WorkerProgramTests
{
    [Theory]
    [InlineData("/opt/landfall/landfall", "/opt/landfall/landfall", "worker")]
    [InlineData("/usr/bin/dotnet", "/usr/bin/dotnet", "/opt/landfall/landfall.dll worker")]
    public void Command_OfAProcess_StartsTheSameProgram(string process, string program, string arguments)
    {
        var command = WorkerProgram.Command(process, "/opt/landfall");
        Assert.Equal((program, arguments), (command.FileName, string.Join(' ', command.Arguments)));
    }

    [Fact]
    public void Command_HostedByATestsExecutable_StartsTheProgramBesideIt()
    {
        var command = WorkerProgram.Command("/tests/Landfall.Tests", AppContext.BaseDirectory);
        Assert.True(File.Exists(command.Arguments[0]), command.Arguments[0]);
        Assert.Contains("dotnet", command.FileName, StringComparison.Ordinal);
    }
}
