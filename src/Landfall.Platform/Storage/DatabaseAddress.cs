using Npgsql;

namespace Landfall.Platform.Storage;

/// <summary>Thrown for the address of a database that cannot be one. The message never repeats it: a password may be in it.</summary>
public sealed class DatabaseAddressException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Where the relational state lies: <c>sqlite</c> (a file in the data folder), or a PostgreSQL database.</summary>
public static class DatabaseAddress
{
    public const string Sqlite = "sqlite";

    private const string Forms = "Give 'sqlite', 'postgres://user:password@host:port/database', or a connection string such as 'Host=...;Username=...;Database=...'.";

    /// <summary>Reads an address.</summary>
    /// <param name="address">The address; null or empty is <c>sqlite</c>.</param>
    /// <param name="dataFolder">Where SQLite's file lies.</param>
    /// <exception cref="DatabaseAddressException">It is none.</exception>
    public static DatabaseConnections Open(string? address, string dataFolder)
    {
        if (string.IsNullOrWhiteSpace(address) || string.Equals(address, Sqlite, StringComparison.OrdinalIgnoreCase))
        {
            return new SqliteConnections(Path.Combine(dataFolder, "landfall.db"));
        }

        var read = address.Contains("://", StringComparison.Ordinal) ? ReadUri(address) : ReadPairs(address);
        if (string.IsNullOrEmpty(read.Host) || string.IsNullOrEmpty(read.Database))
        {
            throw new DatabaseAddressException($"The address of the database names no {(string.IsNullOrEmpty(read.Host) ? "host" : "database")}. {Forms}");
        }

        return new PostgresConnections(read);
    }

    private static NpgsqlConnectionStringBuilder ReadUri(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("postgres" or "postgresql"))
        {
            throw new DatabaseAddressException($"The address of the database is not understood. {Forms}");
        }

        var user = uri.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host.Trim('[', ']'),
            Port = uri.Port < 0 ? NpgsqlConnection.DefaultPort : uri.Port,
            Database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')),
            Username = user[0].Length == 0 ? null : Uri.UnescapeDataString(user[0]),
            Password = user.Length < 2 ? null : Uri.UnescapeDataString(user[1]),
        };
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            Set(builder, Uri.UnescapeDataString(parts[0]), parts.Length < 2 ? "" : Uri.UnescapeDataString(parts[1]));
        }

        return builder;
    }

    private static NpgsqlConnectionStringBuilder ReadPairs(string address)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(address);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidCastException or KeyNotFoundException)
        {
            // Its message may quote the text, so it is not passed on.
            throw new DatabaseAddressException($"The address of the database is not understood. {Forms}");
        }
    }

    private static void Set(NpgsqlConnectionStringBuilder builder, string name, string value)
    {
        try
        {
            builder[name] = value;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidCastException or KeyNotFoundException)
        {
            throw new DatabaseAddressException($"The address of the database has a setting '{name}' that PostgreSQL's driver does not know, or with a value that it does not take.");
        }
    }
}
