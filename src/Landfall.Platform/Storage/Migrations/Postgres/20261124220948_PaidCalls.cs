using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Landfall.Platform.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class PaidCalls : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "paid_calls",
                columns: table => new
                {
                    Identity = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Team = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Endpoint = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Model = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Repeat = table.Column<int>(type: "integer", nullable: false),
                    Purpose = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Run = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    State = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    AskedAt = table.Column<long>(type: "bigint", nullable: false),
                    AnsweredAt = table.Column<long>(type: "bigint", nullable: true),
                    Attempts = table.Column<int>(type: "integer", nullable: false),
                    Request = table.Column<byte[]>(type: "bytea", nullable: false),
                    Response = table.Column<byte[]>(type: "bytea", nullable: true),
                    IsStream = table.Column<bool>(type: "boolean", nullable: false),
                    PromptTokens = table.Column<long>(type: "bigint", nullable: false),
                    CompletionTokens = table.Column<long>(type: "bigint", nullable: false),
                    CostUsd = table.Column<double>(type: "double precision", nullable: false),
                    UsageNote = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    LatencyMs = table.Column<double>(type: "double precision", nullable: false),
                    Error = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_paid_calls", x => x.Identity);
                });

            migrationBuilder.CreateIndex(
                name: "IX_paid_calls_Team_AskedAt",
                table: "paid_calls",
                columns: new[] { "Team", "AskedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_paid_calls_Team_Run",
                table: "paid_calls",
                columns: new[] { "Team", "Run" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "paid_calls");
        }
    }
}
