using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CsCheck;
using Landfall.Platform.Datasets;
using Landfall.Platform.Datasets.Reading;

namespace Landfall.Platform.Tests.Datasets;

public sealed class CanonicalRowTests
{
    /// <summary>The written form must never change: it is in the identity of every row and version.</summary>
    [Fact]
    public void Create_KnownRow_HasTheIdentityOfTheWrittenForm()
    {
        const string line = """{"text":"a \"quoted\"\n\\ é 😀\u001f","expected":"b","fields":{"A":"1","a":"2","ä":""}}""";
        var row = CanonicalRow.Create("a \"quoted\"\n\\ é 😀\u001F", "b", new Dictionary<string, string> { ["ä"] = "", ["a"] = "2", ["A"] = "1" });
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(line)))[..32], row.Id);
    }

    [Fact]
    public void Write_AnyRow_IsJsonAndReadsBack() =>
        RowFiles.AnyRow.Sample(row =>
        {
            var raw = new RawRow();
            raw.Text = raw.Append(Encoding.UTF8.GetBytes(row.Text));
            raw.Expected = raw.Append(Encoding.UTF8.GetBytes(row.Expected));
            foreach (var (name, value) in row.Fields)
            {
                raw.AddField(raw.Append(Encoding.UTF8.GetBytes(name)), raw.Append(Encoding.UTF8.GetBytes(value)));
            }

            var line = new ArrayBufferWriter<byte>();
            CanonicalRow.Write(raw, line);
            Assert.Equal(row.Text, JsonDocument.Parse(line.WrittenMemory).RootElement.GetProperty("text").GetString());

            var again = new RawRow();
            CanonicalRow.Read(line.WrittenSpan, again);
            RowFiles.AssertSame([row], [again.ToRow(CanonicalRow.IdOf(line.WrittenSpan))]);
        });

    [Fact]
    public void Read_AnyBytes_GivesARowOrInvalidData() =>
        Gen.OneOf(Gen.Byte.Array[0, 60], Gen.String[Gen.OneOf('{', '}', '"', ':', ',', 'a', '\\', '[', ']', '1'), 0, 30].Select(Encoding.UTF8.GetBytes)).Sample(
            bytes =>
            {
                try
                {
                    CanonicalRow.Read(bytes, new RawRow());
                }
                catch (InvalidDataException)
                {
                }
            },
            iter: 5_000);
}
