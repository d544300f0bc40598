using Landfall.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Landfall.Migrations;

/// <summary>Gives the migrations tool SQLite's context without starting a server.</summary>
public sealed class SqliteDesign : IDesignTimeDbContextFactory<SqliteLandfallDatabase>
{
    public SqliteLandfallDatabase CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteLandfallDatabase>().UseSqlite("Data Source=design.db").Options, new ServerFence());
}

/// <summary>Gives the migrations tool PostgreSQL's context without starting a server.</summary>
public sealed class PostgresDesign : IDesignTimeDbContextFactory<PostgresLandfallDatabase>
{
    public PostgresLandfallDatabase CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresLandfallDatabase>().UseNpgsql("Host=design").Options, new ServerFence());
}

internal static class Program
{
    public static void Main()
    {
        // The tool looks for a program; it never runs it.
    }
}
