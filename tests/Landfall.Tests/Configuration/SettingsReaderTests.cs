using CsCheck;
using Landfall.Commands;
using Landfall.Configuration;

namespace Landfall.Tests.Configuration;

public sealed class SettingsReaderTests : IDisposable
{
    private const string Secret = "s3cr3t";
    private readonly string _folder = Directory.CreateTempSubdirectory("landfall-settings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Get_GivenInSeveralPlaces_TheNearestOneCounts()
    {
        Assert.Equal("sqlite", Read(file: null).Place.Database);
        Assert.Equal("file", Read("""{ "database": "file" }""").Place.Database);
        Assert.Equal("environment", Read("""{ "database": "file" }""", environment: "environment").Place.Database);
        Assert.Equal("option", Read("""{ "database": "file" }""", environment: "environment", option: "option").Place.Database);
        Assert.Equal("environment", Read("""{ "database": "file" }""", environment: "environment", option: " ").Place.Database);
    }

    [Fact]
    public void Read_FileGivenByName_StandsForTheOneInTheDataFolder()
    {
        var other = Path.Combine(_folder, "other.json");
        File.WriteAllText(other, $$"""
            // All settings.
            { "data": "{{Path.Combine(_folder, "elsewhere")}}", "database": "other", "databaseWait": "1h30m", "urls": "http://127.0.0.1:9", }
            """);
        var read = SettingsReader.Read(new Dictionary<Setting, string?> { [Settings.File] = other }, _ => null);

        Assert.Equal(new ServerPlace(Path.Combine(_folder, "elsewhere"), "other", TimeSpan.FromMinutes(90)) { Models = read.Place.Models }, read.Place);
        Assert.Equal("http://127.0.0.1:9", read.Get(Settings.Urls));
        Assert.Equal("http://127.0.0.1:8", read.Get(Settings.Urls, "http://127.0.0.1:8"));
    }

    [Theory]
    [InlineData("""{ "databse": "s3cr3t" }""", "unknown setting 'databse'")]
    [InlineData("""{ "database": 1 }""", "gives 'database' no text")]
    [InlineData("""{ "database": "a", "database": "s3cr3t" }""", "twice")]
    [InlineData("""["s3cr3t"]""", "holds a JSON array")]
    [InlineData("{ \n\"database\": s3cr3t", "line 2")]
    [InlineData("", "is no JSON")]
    [InlineData("""{ "databaseWait": "soon" }""", "which is no time")]
    public void Read_WrongFile_SaysWhatAndWhereWithoutRepeatingValues(string file, string expected)
    {
        var refused = Assert.Throws<CommandException>(() => Read(file));
        Assert.Equal(ExitCodes.Usage, refused.ExitCode);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NamedFileIsNotThere_SaysSo()
    {
        var options = new Dictionary<Setting, string?> { [Settings.File] = Path.Combine(_folder, "none.json") };
        Assert.Contains("none.json", Assert.Throws<CommandException>(() => SettingsReader.Read(options, _ => null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AnyBytes_AreReadOrRefused() => Gen.Byte.Array[0, 60].Sample(
        bytes =>
        {
            File.WriteAllBytes(Path.Combine(_folder, Settings.FileName), bytes);
            try
            {
                SettingsReader.Read(new Dictionary<Setting, string?> { [Settings.Data] = _folder }, _ => null);
            }
            catch (CommandException)
            {
                // One clear message.
            }
        },
        iter: 500,
        threads: 1);

    [Fact]
    public void ToString_OfAPlace_ShowsNoPassword() =>
        Assert.DoesNotContain(Secret, $"{new ServerPlace("folder", "postgres://u:s3cr3t@h/d", TimeSpan.Zero)}", StringComparison.Ordinal);

    private SettingsReader Read(string? file, string? environment = null, string? option = null)
    {
        if (file is not null)
        {
            File.WriteAllText(Path.Combine(_folder, Settings.FileName), file);
        }

        var options = new Dictionary<Setting, string?> { [Settings.Data] = _folder, [Settings.Database] = option };
        return SettingsReader.Read(options, name => name == Settings.Database.Environment ? environment : null);
    }
}
