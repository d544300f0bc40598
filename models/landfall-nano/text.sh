#!/usr/bin/env bash
# Writes the text that landfall-nano is trained on: train/ and heldout/ (one document in fifty of the corpora), and a table of
# the sizes. Usage: models/landfall-nano/text.sh FOLDER [DATA], where DATA holds the corpora (../shared/data).
set -euo pipefail
folder=$(realpath -m "${1:?Usage: models/landfall-nano/text.sh FOLDER [DATA]}")
data=$(realpath "${2:-$(dirname "$0")/../../../shared/data}")
cd "$(dirname "$0")/../.."
dotnet run --project tools/Landfall.ExampleData -c Release -- nano-text "$folder" "$data" .
