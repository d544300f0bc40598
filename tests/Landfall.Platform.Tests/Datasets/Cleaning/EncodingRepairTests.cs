using System.Text;
using CsCheck;
using Landfall.Platform.Datasets.Cleaning;

namespace Landfall.Platform.Tests.Datasets.Cleaning;

public sealed class EncodingRepairTests
{
    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;
    private static readonly Encoding Gbk = CodePagesEncodingProvider.Instance.GetEncoding(936)!;

    [Theory]
    [InlineData("Das Gerät lässt sich nicht für München einstellen")]
    [InlineData("Où est la clé du réseau, s'il vous plaît ?")]
    [InlineData("我的宽带不能用了，请帮忙")]
    [InlineData("It’s “broken” – costs 20 €")]
    public void Repair_Utf8ReadAsWindows1252_IsUndone(string text)
    {
        // Five bytes have no character in Windows-1252; decoders give the control character of Latin-1.
        var damaged = string.Concat(Encoding.UTF8.GetBytes(text).Select(b => b is 0x81 or 0x8D or 0x8F or 0x90 or 0x9D ? (char)b : Windows1252.GetString([b])[0]));
        Assert.NotEqual(text, damaged);
        Assert.Equal(text, EncodingRepair.Repair(damaged).Text);
        Assert.Equal(text, EncodingRepair.Repair(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text))).Text);
    }

    [Fact]
    public void Repair_ReadWronglyTwice_IsUndoneTwice()
    {
        var once = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes("café für zwölf"));
        Assert.Equal("café für zwölf", EncodingRepair.Repair(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(once))).Text);
    }

    [Theory]
    [InlineData("你好，我的网络断了")]
    [InlineData("请帮我查一下账单")]
    [InlineData("为什么宽带这么慢")]
    public void Repair_Utf8ReadAsGbk_IsUndoneButForWhatWasLost(string text)
    {
        // A decoder puts a question mark where bytes at the end make no character of GBK; these are gone.
        var damaged = Gbk.GetString(Encoding.UTF8.GetBytes(text));
        var repaired = EncodingRepair.Repair(damaged);
        Assert.Equal(text[..^2], repaired.Text[..(text.Length - 2)]);
        Assert.Contains("UTF-8 that was read as GBK", repaired.Repairs);
        Assert.True(repaired.Text == text || repaired.Lost > 0 || repaired.Text.EndsWith('?'));
    }

    [Fact]
    public void Repair_GbkReadAsLatin1_IsUndone() =>
        Assert.Equal("你好我要退款 ok", EncodingRepair.Repair(Encoding.Latin1.GetString(Gbk.GetBytes("你好我要退款")) + " ok").Text);

    [Theory]
    [InlineData("Crème brûlée, naïve façade, Ångström, CAFÉ”")]
    [InlineData("我的账单不对，怎么办？")]
    [InlineData("Größe ÄÖÜ – “quoted” … ™")]
    [InlineData("こんにちは 안녕하세요 Привет")]
    [InlineData("emoji 👩‍👩‍👧 and ❤️ stay")]
    [InlineData("نص عربي می‌خواهم")]
    public void Repair_SoundText_StaysAsItIs(string text) => Assert.Equal((text, 0), (EncodingRepair.Repair(text).Text, EncodingRepair.Repair(text).Repairs.Count));

    [Fact]
    public void Repair_WhatNobodySees_IsTakenOut()
    {
        var repaired = EncodingRepair.Repair("\uFEFFpass\u200Bword\u0007 re\u00ADset\u202E");
        Assert.Equal("password reset", repaired.Text);
        Assert.Single(repaired.Repairs);
    }

    [Fact]
    public void Repair_LostCharacters_AreCounted() => Assert.Equal(3, EncodingRepair.Repair("a\uFFFDb 锟斤拷").Lost);

    [Fact]
    public void Repair_AnyText_EndsAndIsStable() => Gen.String.Sample(text =>
    {
        var once = EncodingRepair.Repair(text).Text;
        Assert.True(once.Length <= text.Length);
    });
}
