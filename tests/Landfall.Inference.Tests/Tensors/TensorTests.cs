namespace Landfall.Inference.Tensors;

public sealed class TensorTests
{
    [Theory]
    [InlineData(TensorType.F32, 7, 28)]
    [InlineData(TensorType.BF16, 7, 14)]
    [InlineData(TensorType.Q8_0, 64, 68)]
    [InlineData(TensorType.Q4_0, 64, 36)]
    [InlineData(TensorType.Q4_K, 512, 288)]
    [InlineData(TensorType.Q6_K, 256, 210)]
    public void RowBytes_WholeBlocks_IsBlocksTimesTheirBytes(TensorType type, int columns, long bytes) => Assert.Equal(bytes, type.RowBytes(columns));

    [Fact]
    public void RowBytes_PartOfABlock_IsRefused() => Assert.Throws<ArgumentException>(() => TensorType.Q4_K.RowBytes(320));

    [Fact]
    public unsafe void Allocate_Matrix_IsZeroedAndAligned()
    {
        var tensor = NativeBuffer.Allocate("w", TensorType.F32, 3, 5);
        Assert.Equal((3, 5, 60L), (tensor.Rows, tensor.Columns, tensor.Bytes));
        Assert.Equal(0, (long)tensor.Data % 64);
        Assert.True(tensor.Row(2).IndexOfAnyExcept((byte)0) < 0);
    }
}
