using Landfall.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Landfall.Migrations;

/// <summary>Gives the migrations tool a context without starting a server.</summary>
public sealed class DesignTimeDatabase : IDesignTimeDbContextFactory<LandfallDatabase>
{
    public LandfallDatabase CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<LandfallDatabase>().UseSqlite("Data Source=design.db").Options, new ServerFence());

    public static void Main()
    {
        // The tool looks for a program; it never runs it.
    }
}
