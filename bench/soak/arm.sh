#!/bin/sh
# Runs the tests of kernels, models against the reference, and tokenizers as an Arm program, emulated by qemu on another
# machine. For Debian, as root where qemu and the Arm libraries are not installed yet:
#   bench/soak/arm.sh [namespaces, default "Kernels Models Tokenizers"]
set -eu
cd "$(dirname "$0")/../.."
if ! command -v qemu-aarch64-static > /dev/null || ! [ -d /usr/aarch64-linux-gnu/lib ]; then
    apt-get update -qq
    apt-get install -y -qq qemu-user-static libc6-arm64-cross libstdc++6-arm64-cross libgcc-s1-arm64-cross
fi

# The libraries of .NET that have no cross package, beside those that have one; nothing is installed for another architecture.
prefix="$(mktemp -d)"
trap 'rm -rf "$prefix"' EXIT
mkdir -p "$prefix/state/lists/partial" "$prefix/cache/archives/partial" "$prefix/root"
cp -a /usr/aarch64-linux-gnu/lib "$prefix/root/lib"
(
    cd "$prefix"
    set -- -qq -o Dir::State="$prefix/state" -o Dir::State::status=/dev/null -o Dir::Cache="$prefix/cache" -o APT::Sandbox::User=root \
        -o APT::Architecture=arm64 -o APT::Architectures::=arm64
    apt-get "$@" update
    apt-get "$@" download libssl3 libicu72
    for package in *.deb; do
        dpkg-deb -x "$package" unpacked
    done
    cp -a unpacked/usr/lib/aarch64-linux-gnu/. root/lib/
)
dotnet publish tests/Landfall.Inference.Tests -c Release -r linux-arm64 --self-contained -p:PublishSingleFile=false -v q
status=0

# An emulated processor is some ten times slower: the one test that measures time is left out.
for namespace in ${1:-Kernels Models Tokenizers}; do
    # Emulated memory cannot be mapped twice, as the runtime does for code that it writes.
    DOTNET_EnableWriteXorExecute=0 qemu-aarch64-static -cpu max -L "$prefix/root" \
        tests/Landfall.Inference.Tests/bin/Release/net10.0/linux-arm64/publish/Landfall.Inference.Tests -namespace "Landfall.Inference.$namespace" \
        -method- "*.Encode_LongTextWithoutABreak_TakesTimeInProportion" || status=1
done
exit "$status"
