using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Landfall.Platform.Storage.Migrations.Postgres
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
                    Id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Team = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Revision = table.Column<long>(type: "bigint", nullable: false),
                    Text = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    FilesJson = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    SourceJson = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    AssumptionsJson = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    CopyOf = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    ChangedAt = table.Column<long>(type: "bigint", nullable: false),
                    ChangedBy = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_drafts", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "landings",
                columns: table => new
                {
                    Team = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    App = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    RunId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Brief = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    ReportSha256 = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    LandedBy = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    LandedAt = table.Column<long>(type: "bigint", nullable: false)
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
