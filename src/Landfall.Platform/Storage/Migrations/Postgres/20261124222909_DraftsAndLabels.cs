using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Landfall.Platform.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class DraftsAndLabels : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "cleaning_decisions",
                columns: table => new
                {
                    Cleaning = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Seq = table.Column<long>(type: "bigint", nullable: false),
                    Team = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Verdict = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Change = table.Column<int>(type: "integer", nullable: true),
                    Step = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    MinConfidence = table.Column<double>(type: "double precision", nullable: true),
                    By = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    At = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_cleaning_decisions", x => new { x.Cleaning, x.Seq });
                });

            migrationBuilder.CreateTable(
                name: "cleanings",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Team = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Dataset = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Version = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    TestVersion = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Rows = table.Column<long>(type: "bigint", nullable: false),
                    PartsJson = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    By = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    AppliedVersion = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_cleanings", x => x.Id);
                });

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
                name: "evidence",
                columns: table => new
                {
                    Candidate = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Example = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Kind = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Json = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_evidence", x => new { x.Candidate, x.Example, x.Kind });
                });

            migrationBuilder.CreateTable(
                name: "label_claims",
                columns: table => new
                {
                    Labelling = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Row = table.Column<int>(type: "integer", nullable: false),
                    Slot = table.Column<int>(type: "integer", nullable: false),
                    Team = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Annotator = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    ExpiresAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_label_claims", x => new { x.Labelling, x.Row, x.Slot });
                });

            migrationBuilder.CreateTable(
                name: "label_events",
                columns: table => new
                {
                    Labelling = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Seq = table.Column<long>(type: "bigint", nullable: false),
                    Team = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Row = table.Column<int>(type: "integer", nullable: false),
                    Annotator = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Action = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Value = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    By = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    At = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_label_events", x => new { x.Labelling, x.Seq });
                });

            migrationBuilder.CreateTable(
                name: "labellings",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Team = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Dataset = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Version = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Rows = table.Column<long>(type: "bigint", nullable: false),
                    SchemaJson = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Overlap = table.Column<int>(type: "integer", nullable: false),
                    By = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    ExportedVersion = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_labellings", x => x.Id);
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
                name: "IX_cleanings_Team_CreatedAt",
                table: "cleanings",
                columns: new[] { "Team", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_drafts_Team",
                table: "drafts",
                column: "Team");

            migrationBuilder.CreateIndex(
                name: "IX_labellings_Team_CreatedAt",
                table: "labellings",
                columns: new[] { "Team", "CreatedAt" });

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
                name: "cleaning_decisions");

            migrationBuilder.DropTable(
                name: "cleanings");

            migrationBuilder.DropTable(
                name: "drafts");

            migrationBuilder.DropTable(
                name: "evidence");

            migrationBuilder.DropTable(
                name: "label_claims");

            migrationBuilder.DropTable(
                name: "label_events");

            migrationBuilder.DropTable(
                name: "labellings");

            migrationBuilder.DropTable(
                name: "landings");
        }
    }
}
