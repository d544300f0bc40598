#!/bin/sh
# Disturbs landings far more often than the tests of every day do, prints how many ended with the undisturbed report,
# and kills landings at random calls of a language model, which must pay for no answer twice, and imports and quantisations
# of a model, which must end with the same model:
#   bench/soak/durability.sh [kills, default 50] [power losses, default 25] [seed, default 20231] [kills at calls, default 20] \
#       [kills of models' imports and quantisations, default 40]
set -eu
cd "$(dirname "$0")/../.."
export LANDFALL_SOAK_KILLS="${1:-50}" LANDFALL_SOAK_POWER_LOSSES="${2:-25}" LANDFALL_SOAK_SEED="${3:-20231}" LANDFALL_SOAK_CALL_KILLS="${4:-20}" \
    LANDFALL_SOAK_MODEL_KILLS="${5:-40}"
LANDFALL_SOAK_LOG="$(mktemp)"
export LANDFALL_SOAK_LOG
trap 'cat "$LANDFALL_SOAK_LOG"; rm -f "$LANDFALL_SOAK_LOG"' EXIT
dotnet run -c Release --project tests/Landfall.EndToEnd.Tests -- \
    -class Landfall.EndToEnd.Durability.KillTests -class Landfall.EndToEnd.Durability.PowerLossTests \
    -class Landfall.EndToEnd.Durability.PaidCallsTests -class Landfall.EndToEnd.Durability.ModelKillTests
