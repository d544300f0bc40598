using CsCheck;
using Landfall.Platform.Storage;
using Npgsql;

namespace Landfall.Platform.Tests.Storage;

public sealed class DatabaseAddressTests
{
    private const string Secret = "s3cr3t";

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("sqlite")]
    [InlineData("SQLite")]
    public void Open_NoAddressOrSqlite_IsAFileInTheDataFolder(string? address) =>
        Assert.Equal($"database file {Path.Combine("folder", "landfall.db")}", DatabaseAddress.Open(address, "folder").Description);

    [Theory]
    [InlineData("postgres://user:s3cr3t@host/land", "host", 5432, "land", "user", "s3cr3t")]
    [InlineData("postgresql://us%40er:p%2Fw%3A%25@10.0.0.1:6543/land%20fall?sslmode=require", "10.0.0.1", 6543, "land fall", "us@er", "p/w:%")]
    [InlineData("postgres://[::1]:6543/land", "::1", 6543, "land", null, null)]
    [InlineData("Host=host;Port=6543;Database=land;Username=user;Password='a;b'", "host", 6543, "land", "user", "a;b")]
    public void Open_AddressOfPostgres_IsReadInAllItsParts(string address, string host, int port, string database, string? user, string? password)
    {
        var opened = Assert.IsType<PostgresConnections>(DatabaseAddress.Open(address, "folder"));

        var read = new NpgsqlConnectionStringBuilder(opened.DataSource.ConnectionString);
        Assert.Equal((host, port, database, user), (read.Host, read.Port, read.Database, read.Username));
        Assert.Equal($"PostgreSQL database '{database}' at {host}:{port}", opened.Description);
        Assert.Contains("synchronous_commit=on", read.Options, StringComparison.Ordinal);

        // The source forgets the password in what it shows.
        Assert.Null(read.Password);
        Assert.DoesNotContain(password ?? "s3cr3t", opened.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgres://user:s3cr3t@host", "database")]
    [InlineData("postgres:///land", "host")]
    [InlineData("postgres://user:s3cr3t@host/land?nothing=s3cr3t", "'nothing'")]
    [InlineData("postgres://user:s3cr3t@host/land?timeout=s3cr3t", "'timeout'")]
    [InlineData("mysql://user:s3cr3t@host/land", "understood")]
    [InlineData("Host=host;Password=s3cr3t", "database")]
    [InlineData("Password=s3cr3t;nonsense", "understood")]
    [InlineData("Hoost=s3cr3t", "understood")]
    [InlineData("s3cr3t", "understood")]
    public void Open_WrongAddress_IsRefusedWithoutRepeatingIt(string address, string expected)
    {
        var refused = Assert.Throws<DatabaseAddressException>(() => DatabaseAddress.Open(address, "folder"));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_AnyText_OpensOrIsRefused() => Gen.OneOf(
            Gen.String, Gen.String.Select(t => "postgres://" + t), Gen.String.Select(t => "postgres://user:pass@host/" + t), Gen.String.Select(t => "Host=h;Database=d;" + t))
        .Sample(
            text =>
            {
                try
                {
                    (DatabaseAddress.Open(text, "folder") as PostgresConnections)?.DataSource.Dispose();
                }
                catch (DatabaseAddressException)
                {
                    // One clear message.
                }
            },
            iter: 2000);
}
