using Landfall.Training.Native;
using TorchSharp;

[assembly: AssemblyFixture(typeof(Landfall.Training.TorchFixture))]

namespace Landfall.Training;

/// <summary>libtorch with one thread for all tests: results do not depend on the machine's cores, and tests run beside each other.</summary>
public sealed class TorchFixture
{
    public TorchFixture()
    {
        LibTorch.Load();
        torch.set_num_threads(1);
    }
}

/// <summary>Tests that need libtorch's random numbers, of which a process has one source, for themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RandomNumbers
{
    public const string Name = "libtorch's random numbers";
}
