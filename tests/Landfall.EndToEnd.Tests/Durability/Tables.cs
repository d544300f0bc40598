using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Landfall.EndToEnd.Durability;

/// <summary>Looks into a data folder's database.</summary>
internal static class Tables
{
    /// <summary>All rows of all tables, one line each.</summary>
    public static string Dump(string dataFolder)
    {
        using var connection = Open(dataFolder);
        var dump = new StringBuilder();
        foreach (var table in Query(connection, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"))
        {
            foreach (var row in Query(connection, $"SELECT * FROM \"{table}\" ORDER BY rowid"))
            {
                dump.Append(table).Append(": ").AppendLine(row);
            }
        }

        return dump.ToString();
    }

    /// <summary>The journal entries of a run that the database holds.</summary>
    public static IReadOnlySet<string> Journal(string dataFolder, string run)
    {
        if (!File.Exists(Path.Combine(dataFolder, "landfall.db")))
        {
            return new HashSet<string>();
        }

        using var connection = Open(dataFolder);
        return Query(connection, "SELECT Seq, Kind, Step FROM journal WHERE RunId = $run ORDER BY Seq", run).ToHashSet(StringComparer.Ordinal);
    }

    private static SqliteConnection Open(string dataFolder)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(dataFolder, "landfall.db")};Pooling=False;Default Timeout=30");
        connection.Open();
        return connection;
    }

    private static List<string> Query(SqliteConnection connection, string sql, string? run = null)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$run", run ?? "");
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i) switch
            {
                byte[] bytes => Convert.ToHexStringLower(bytes),
                IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
                var value => value.ToString(),
            })));
        }

        return rows;
    }
}
