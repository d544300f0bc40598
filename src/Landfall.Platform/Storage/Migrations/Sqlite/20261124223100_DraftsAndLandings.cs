using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Landfall.Platform.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class DraftsAndLandings : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "drafts",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Team = table.Column<string>(type: "TEXT", nullable: false),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false),
                    Text = table.Column<string>(type: "TEXT", nullable: false),
                    FilesJson = table.Column<string>(type: "TEXT", nullable: false),
                    SourceJson = table.Column<string>(type: "TEXT", nullable: true),
                    AssumptionsJson = table.Column<string>(type: "TEXT", nullable: false),
                    CopyOf = table.Column<string>(type: "TEXT", nullable: true),
                    ChangedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ChangedBy = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_drafts", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "landings",
                columns: table => new
                {
                    Team = table.Column<string>(type: "TEXT", nullable: false),
                    App = table.Column<string>(type: "TEXT", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    RunId = table.Column<string>(type: "TEXT", nullable: false),
                    Brief = table.Column<string>(type: "TEXT", nullable: false),
                    ReportSha256 = table.Column<string>(type: "TEXT", nullable: false),
                    LandedBy = table.Column<string>(type: "TEXT", nullable: false),
                    LandedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_landings", x => new { x.Team, x.App, x.Number });
                });

            migrationBuilder.CreateIndex(
                name: "IX_drafts_Team",
                table: "drafts",
                column: "Team");

            migrationBuilder.CreateIndex(
                name: "IX_landings_Team_App_RunId",
                table: "landings",
                columns: new[] { "Team", "App", "RunId" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "drafts");

            migrationBuilder.DropTable(
                name: "landings");
        }
    }
}
