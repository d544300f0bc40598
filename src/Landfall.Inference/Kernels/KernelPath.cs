using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Landfall.Inference.Kernels;

/// <summary>The instructions that kernels are written for.</summary>
internal enum KernelPath
{
    /// <summary>What all processors can.</summary>
    Portable,

    /// <summary>AVX2 and FMA.</summary>
    Avx2,

    /// <summary>AVX-512 F, BW, DQ and VL.</summary>
    Avx512,

    /// <summary>128-bit vectors: Arm's, and on x64 without AVX2 those of SSE.</summary>
    Neon,
}

/// <summary>Which path this processor takes.</summary>
internal static class KernelPaths
{
    /// <summary>The fastest one here.</summary>
    public static KernelPath Best { get; } = IsSupported(KernelPath.Avx512) ? KernelPath.Avx512
        : IsSupported(KernelPath.Avx2) ? KernelPath.Avx2
        : IsSupported(KernelPath.Neon) ? KernelPath.Neon
        : KernelPath.Portable;

    /// <summary>
    /// Whether this processor can, and the code is compiled for it: ahead of time, wide vectors are only compiled to instructions
    /// where the program's instruction set has them (<c>IlcInstructionSet</c>), and are emulated otherwise.
    /// </summary>
    public static bool IsSupported(KernelPath path) => path switch
    {
        KernelPath.Avx512 => Vector512.IsHardwareAccelerated && Avx512BW.IsSupported && Avx512DQ.IsSupported && Avx512BW.VL.IsSupported,
        KernelPath.Avx2 => Vector256.IsHardwareAccelerated && Avx2.IsSupported && Fma.IsSupported,
        KernelPath.Neon => Vector128.IsHardwareAccelerated,
        _ => true,
    };
}
