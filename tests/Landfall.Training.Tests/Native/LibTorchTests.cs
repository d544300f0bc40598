using TorchSharp;

namespace Landfall.Training.Native;

public sealed class LibTorchTests
{
    [Fact]
    public void Load_Twice_ComputesAfterwards()
    {
        LibTorch.Load();
        LibTorch.Load();
        using var scope = torch.NewDisposeScope();
        Assert.Equal(6f, torch.ones(2, 3).sum().item<float>());
    }

    [Fact]
    public void WeakCopy_OfADamagedLibrary_NamesItAndLeavesNothing()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var library = Path.Combine(folder.FullName, "libLibTorchSharp.so");
            File.WriteAllText(library, "cut off");
            var exception = Assert.Throws<InvalidDataException>(() => LibTorch.WeakCopy(library, Path.Combine(folder.FullName, "cache")));
            Assert.StartsWith(library, exception.Message, StringComparison.Ordinal);
            Assert.False(Directory.Exists(Path.Combine(folder.FullName, "cache")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void WeakCopy_WhereADamagedCopyLies_WritesItAgain()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The library is patched on Linux alone.");
        var library = Assert.Single(Directory.GetFiles(AppContext.BaseDirectory, "libLibTorchSharp.so", SearchOption.AllDirectories));
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var copy = LibTorch.WeakCopy(library, folder.FullName);
            var bytes = File.ReadAllBytes(copy);
            File.WriteAllText(copy, "damaged");
            Assert.Equal(copy, LibTorch.WeakCopy(library, folder.FullName));
            Assert.Equal(bytes, File.ReadAllBytes(copy));
            Assert.Single(Directory.GetFiles(Path.GetDirectoryName(copy)!));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
