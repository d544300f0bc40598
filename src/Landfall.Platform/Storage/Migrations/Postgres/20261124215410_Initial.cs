using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Landfall.Platform.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "answers",
                columns: table => new
                {
                    Candidate = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Example = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Got = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Confidence = table.Column<double>(type: "double precision", nullable: true),
                    LatencyMs = table.Column<double>(type: "double precision", nullable: false),
                    Tokens = table.Column<long>(type: "bigint", nullable: false),
                    CostUsd = table.Column<double>(type: "double precision", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_answers", x => new { x.Candidate, x.Example });
                });

            migrationBuilder.CreateTable(
                name: "apps",
                columns: table => new
                {
                    Name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Origin = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Scenario = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Brief = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    ReportSha256 = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    ReleaseJson = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    ReleaseReportSha256 = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    ReleaseOutOfScopeJson = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_apps", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "candidates",
                columns: table => new
                {
                    Hash = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Technique = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    ArtifactSha256 = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    TrainingJson = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_candidates", x => x.Hash);
                });

            migrationBuilder.CreateTable(
                name: "datasets",
                columns: table => new
                {
                    Name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Version = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    SummaryJson = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_datasets", x => new { x.Name, x.Version });
                });

            migrationBuilder.CreateTable(
                name: "journal",
                columns: table => new
                {
                    RunId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Seq = table.Column<long>(type: "bigint", nullable: false),
                    Epoch = table.Column<long>(type: "bigint", nullable: false),
                    Kind = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Step = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Payload = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    At = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_journal", x => new { x.RunId, x.Seq });
                });

            migrationBuilder.CreateTable(
                name: "looks",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    TestVersion = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    CandidateSet = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_looks", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "run_logs",
                columns: table => new
                {
                    RunId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Seq = table.Column<long>(type: "bigint", nullable: false),
                    Level = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Message = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    At = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_run_logs", x => new { x.RunId, x.Seq });
                });

            migrationBuilder.CreateTable(
                name: "runs",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Kind = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Title = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    App = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    RequestKey = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    InputJson = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    State = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Fraction = table.Column<double>(type: "double precision", nullable: true),
                    Message = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Error = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    ResultJson = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Epoch = table.Column<long>(type: "bigint", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    EndedAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_runs", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "scores",
                columns: table => new
                {
                    Candidate = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Example = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Metric = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Values = table.Column<byte[]>(type: "bytea", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_scores", x => new { x.Candidate, x.Example, x.Metric });
                });

            migrationBuilder.CreateTable(
                name: "server",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false),
                    Epoch = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_server", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_datasets_Version",
                table: "datasets",
                column: "Version");

            migrationBuilder.CreateIndex(
                name: "IX_looks_TestVersion_CandidateSet",
                table: "looks",
                columns: new[] { "TestVersion", "CandidateSet" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_runs_RequestKey",
                table: "runs",
                column: "RequestKey");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "answers");

            migrationBuilder.DropTable(
                name: "apps");

            migrationBuilder.DropTable(
                name: "candidates");

            migrationBuilder.DropTable(
                name: "datasets");

            migrationBuilder.DropTable(
                name: "journal");

            migrationBuilder.DropTable(
                name: "looks");

            migrationBuilder.DropTable(
                name: "run_logs");

            migrationBuilder.DropTable(
                name: "runs");

            migrationBuilder.DropTable(
                name: "scores");

            migrationBuilder.DropTable(
                name: "server");
        }
    }
}
