#!/bin/sh
# Gives every parser of Landfall.Inference far more damaged inputs than the tests of every day do, and constrains answers to
# far more random schemas:
#   bench/soak/inference.sh [inputs per parser, default 2000000] [schemas, default 10000]
set -eu
cd "$(dirname "$0")/../.."
export LANDFALL_SOAK_FUZZ="${1:-2000000}" LANDFALL_SOAK_SCHEMAS="${2:-10000}"
TMPDIR="${TMPDIR:-/dev/shm}"
export TMPDIR
dotnet run -c Release --project tests/Landfall.Inference.Tests -- -showliveoutput \
    -class '*.FormatsFuzzTests' -class '*.TokenizerFuzzTests' -class '*.ChatTemplateFuzzTests' \
    -class '*.RegexConstraintTests' -class '*.JsonSchemaCompileTests' -class '*.JsonSchemaConstraintTests'
