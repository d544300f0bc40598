using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Landfall.Platform.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Access : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_runs_RequestKey",
                table: "runs");

            migrationBuilder.DropIndex(
                name: "IX_looks_TestVersion_CandidateSet",
                table: "looks");

            // SQLite cannot change a primary key, and EF's way around it leaves the transaction: a process that ends half-way
            // would leave half a migration.
            migrationBuilder.Sql(
                """
                DROP INDEX "IX_datasets_Version";
                CREATE TABLE "datasets_of_teams" (
                    "Team" TEXT NOT NULL, "Name" TEXT NOT NULL, "Version" TEXT NOT NULL, "SummaryJson" TEXT NOT NULL, "CreatedAt" INTEGER NOT NULL,
                    CONSTRAINT "PK_datasets" PRIMARY KEY ("Team", "Name", "Version"));
                INSERT INTO "datasets_of_teams" ("Team", "Name", "Version", "SummaryJson", "CreatedAt") SELECT 'default', "Name", "Version", "SummaryJson", "CreatedAt" FROM "datasets";
                DROP TABLE "datasets";
                ALTER TABLE "datasets_of_teams" RENAME TO "datasets";
                CREATE INDEX "IX_datasets_Version" ON "datasets" ("Version");
                """);

            // SQLite cannot change a primary key, and EF's way around it leaves the transaction: a process that ends half-way
            // would leave half a migration.
            migrationBuilder.Sql(
                """
                CREATE TABLE "apps_of_teams" (
                    "Team" TEXT NOT NULL, "Name" TEXT NOT NULL, "Origin" TEXT NOT NULL, "Scenario" TEXT NOT NULL, "Brief" TEXT NOT NULL, "ReportSha256" TEXT NULL, "ReleaseJson" TEXT NULL, "ReleaseReportSha256" TEXT NULL, "ReleaseOutOfScopeJson" TEXT NULL, "CreatedAt" INTEGER NOT NULL,
                    CONSTRAINT "PK_apps" PRIMARY KEY ("Team", "Name"));
                INSERT INTO "apps_of_teams" ("Team", "Name", "Origin", "Scenario", "Brief", "ReportSha256", "ReleaseJson", "ReleaseReportSha256", "ReleaseOutOfScopeJson", "CreatedAt") SELECT 'default', "Name", "Origin", "Scenario", "Brief", "ReportSha256", "ReleaseJson", "ReleaseReportSha256", "ReleaseOutOfScopeJson", "CreatedAt" FROM "apps";
                DROP TABLE "apps";
                ALTER TABLE "apps_of_teams" RENAME TO "apps";
                """);

            migrationBuilder.AddColumn<string>(
                name: "StartedBy",
                table: "runs",
                type: "TEXT",
                nullable: false,
                defaultValue: "local");

            migrationBuilder.AddColumn<string>(
                name: "Team",
                table: "runs",
                type: "TEXT",
                nullable: false,
                defaultValue: "default");

            migrationBuilder.AddColumn<string>(
                name: "Team",
                table: "looks",
                type: "TEXT",
                nullable: false,
                defaultValue: "default");

            migrationBuilder.AddColumn<string>(
                name: "Team",
                table: "candidates",
                type: "TEXT",
                nullable: false,
                defaultValue: "default");

            migrationBuilder.CreateTable(
                name: "api_keys",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Team = table.Column<string>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Prefix = table.Column<string>(type: "TEXT", nullable: false),
                    Sha256 = table.Column<string>(type: "TEXT", nullable: false),
                    Role = table.Column<string>(type: "TEXT", nullable: false),
                    GatewayOnly = table.Column<bool>(type: "INTEGER", nullable: false),
                    CreatedBy = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    RevokedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    LastUsedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_api_keys", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "audit",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Team = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Actor = table.Column<string>(type: "TEXT", nullable: false),
                    Action = table.Column<string>(type: "TEXT", nullable: false),
                    Subject = table.Column<string>(type: "TEXT", nullable: false),
                    Origin = table.Column<string>(type: "TEXT", nullable: false),
                    Status = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_audit", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "first_admin_code",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false),
                    Sha256 = table.Column<string>(type: "TEXT", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_first_admin_code", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "memberships",
                columns: table => new
                {
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    Team = table.Column<string>(type: "TEXT", nullable: false),
                    Role = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_memberships", x => new { x.UserId, x.Team });
                });

            migrationBuilder.CreateTable(
                name: "sessions",
                columns: table => new
                {
                    Sha256 = table.Column<string>(type: "TEXT", nullable: false),
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sessions", x => x.Sha256);
                });

            migrationBuilder.CreateTable(
                name: "teams",
                columns: table => new
                {
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_teams", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "users",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Key = table.Column<string>(type: "TEXT", nullable: false),
                    PasswordHash = table.Column<string>(type: "TEXT", nullable: false),
                    IsOwner = table.Column<bool>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LastSignInAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_users", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_runs_Team_RequestKey",
                table: "runs",
                columns: new[] { "Team", "RequestKey" });

            migrationBuilder.CreateIndex(
                name: "IX_looks_Team_TestVersion_CandidateSet",
                table: "looks",
                columns: new[] { "Team", "TestVersion", "CandidateSet" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_api_keys_Sha256",
                table: "api_keys",
                column: "Sha256",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_api_keys_Team",
                table: "api_keys",
                column: "Team");

            migrationBuilder.CreateIndex(
                name: "IX_audit_Team_Id",
                table: "audit",
                columns: new[] { "Team", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_memberships_Team",
                table: "memberships",
                column: "Team");

            migrationBuilder.CreateIndex(
                name: "IX_sessions_UserId",
                table: "sessions",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_users_Key",
                table: "users",
                column: "Key",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "api_keys");

            migrationBuilder.DropTable(
                name: "audit");

            migrationBuilder.DropTable(
                name: "first_admin_code");

            migrationBuilder.DropTable(
                name: "memberships");

            migrationBuilder.DropTable(
                name: "sessions");

            migrationBuilder.DropTable(
                name: "teams");

            migrationBuilder.DropTable(
                name: "users");

            migrationBuilder.DropIndex(
                name: "IX_runs_Team_RequestKey",
                table: "runs");

            migrationBuilder.DropIndex(
                name: "IX_looks_Team_TestVersion_CandidateSet",
                table: "looks");

            migrationBuilder.DropPrimaryKey(
                name: "PK_datasets",
                table: "datasets");

            migrationBuilder.DropPrimaryKey(
                name: "PK_apps",
                table: "apps");

            migrationBuilder.DropColumn(
                name: "StartedBy",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "Team",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "Team",
                table: "looks");

            migrationBuilder.DropColumn(
                name: "Team",
                table: "datasets");

            migrationBuilder.DropColumn(
                name: "Team",
                table: "candidates");

            migrationBuilder.DropColumn(
                name: "Team",
                table: "apps");

            migrationBuilder.AddPrimaryKey(
                name: "PK_datasets",
                table: "datasets",
                columns: new[] { "Name", "Version" });

            migrationBuilder.AddPrimaryKey(
                name: "PK_apps",
                table: "apps",
                column: "Name");

            migrationBuilder.CreateIndex(
                name: "IX_runs_RequestKey",
                table: "runs",
                column: "RequestKey");

            migrationBuilder.CreateIndex(
                name: "IX_looks_TestVersion_CandidateSet",
                table: "looks",
                columns: new[] { "TestVersion", "CandidateSet" },
                unique: true);
        }
    }
}
