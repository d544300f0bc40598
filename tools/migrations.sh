#!/usr/bin/env bash
# Makes an EF Core migration for both databases, or takes the newest back: tools/migrations.sh add <Name> | remove
# Needs the tool dotnet-ef, as `dotnet ef` or as the command in DOTNET_EF.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  echo "usage: tools/migrations.sh add <Name> | remove" >&2
  exit 2
}

ef() {
  if [ -n "${DOTNET_EF:-}" ]; then "$DOTNET_EF" "$@"; else dotnet ef "$@"; fi
}

for_both() {
  local database options
  for database in Sqlite Postgres; do
    options=(--force)
    if [ "$1" = add ]; then
      options=(--output-dir "Storage/Migrations/$database" --namespace "Landfall.Platform.Storage.Migrations.$database")
    fi
    ef migrations "$@" --no-build --context "${database}LandfallDatabase" \
      --project src/Landfall.Platform --startup-project tools/Landfall.Migrations "${options[@]}"
  done
}

case "${1:-}" in
  add) [ $# -eq 2 ] || usage ;;
  remove) [ $# -eq 1 ] || usage ;;
  *) usage ;;
esac

dotnet build tools/Landfall.Migrations -p:RunAnalyzers=false --nologo -v quiet
for_both "$@"
