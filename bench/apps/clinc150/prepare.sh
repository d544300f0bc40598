#!/usr/bin/env bash
# Writes data/train.jsonl, data/validation.jsonl and data/test.jsonl from CLINC150's data_full.json.
# Needs only bash and the .NET SDK. See README.md for where the file is looked for.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
name=data/intents/clinc150/data_full.json

find_source() {
    if [[ -n "${LANDFALL_SHARED:-}" ]]; then
        echo "$LANDFALL_SHARED/$name"
        return
    fi
    local folder="$here"
    while true; do
        if [[ -f "${folder%/}/shared/$name" ]]; then
            echo "${folder%/}/shared/$name"
            return
        fi
        [[ "$folder" == / ]] && break
        folder="$(dirname "$folder")"
    done
    echo "shared/$name"
}

source_file="$(find_source)"
if [[ ! -f "$source_file" ]]; then
    echo "prepare.sh: $source_file is not there. Put CLINC150's data_full.json (clinc/oos-eval, data/data_full.json)" >&2
    echo "into shared/data/intents/clinc150 beside the repository, or set LANDFALL_SHARED to the folder that holds data/." >&2
    exit 1
fi

# The program is built from a copy outside the repository, whose build settings are not meant for it.
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cp "$here/prepare.cs" "$work/prepare.cs"
out="$here/data"
source_file="$(cd "$(dirname "$source_file")" && pwd)/$(basename "$source_file")"
cd "$work"
dotnet run prepare.cs -- "$source_file" "$out"
