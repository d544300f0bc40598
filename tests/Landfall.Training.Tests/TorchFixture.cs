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
