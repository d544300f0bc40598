using CsCheck;
using Landfall.Platform.Datasets.Cleaning.PersonalData;

namespace Landfall.Platform.Tests.Datasets.Cleaning;

public sealed class PersonalDataFinderTests
{
    [Theory]
    [InlineData("write to anna.smith+x@mail.example.co.uk today", "write to [EMAIL] today")]
    [InlineData("我的邮箱是li_wei@qq.com，谢谢", "我的邮箱是[EMAIL]，谢谢")]
    [InlineData("mail me (a@b.io).", "mail me ([EMAIL]).")]
    [InlineData("手机13812345678", "手机[PHONE]")]
    [InlineData("手机１３８１２３４５６７８", "手机[PHONE]")]
    [InlineData("+86 138-1234-5678 谢谢", "[PHONE] 谢谢")]
    [InlineData("打 010-62345678 找我", "打 [PHONE] 找我")]
    [InlineData("my number: +44 20 7946 0958.", "my number: [PHONE].")]
    [InlineData("call (212) 555-0123 now", "call [PHONE] now")]
    [InlineData("212-555-0123", "[PHONE]")]
    [InlineData("phone 030 1234567", "phone [PHONE]")]
    [InlineData("card 4111 1111 1111 1111, ok", "card [BANK_CARD], ok")]
    [InlineData("卡号6222021234567890128", "卡号[BANK_CARD]")]
    [InlineData("amex 378282246310005", "amex [BANK_CARD]")]
    [InlineData("身份证11010519491231002X", "身份证[RESIDENT_ID]")]
    [InlineData("refund to DE89 3704 0044 0532 0130 00 please", "refund to [IBAN] please")]
    [InlineData("GB82WEST12345698765432", "[IBAN]")]
    [InlineData("a@b.io or 13812345678", "[EMAIL] or [PHONE]")]
    public void Mask_PersonalData_IsReplacedByItsKind(string text, string masked) =>
        Assert.Equal(masked, PersonalDataFinder.Mask(text, PersonalDataFinder.Find(text)));

    [Theory]
    [InlineData("order 4111111111111112")]
    [InlineData("订单号 202611240012345")]
    [InlineData("tracking 1Z999AA10123456784")]
    [InlineData("since 2026-11-24 08:30:00")]
    [InlineData("24.11.2026 to 31.12.2026")]
    [InlineData("version 10.0.401.2")]
    [InlineData("192.168.100.254 and 10.0.0.1")]
    [InlineData("MAC 00:1B:44:11:3A:B7")]
    [InlineData("I paid 1,234,567.89")]
    [InlineData("ticket #2026-123456")]
    [InlineData("身份证110105194912310021")]
    [InlineData("110105199902300025")]
    [InlineData("DE89370400440532013001")]
    [InlineData("follow @landfall on the web")]
    [InlineData("user@localhost")]
    [InlineData("0x1F4A9B22 3.14159265358979")]
    [InlineData("ISBN 978-3-16-148410-0")]
    [InlineData("model 1380013800138001380")]
    public void Find_LookAlikes_FindsNothing(string text) => Assert.Empty(PersonalDataFinder.Find(text));

    [Fact]
    public void Find_CardsWithOneDigitChanged_AreNoCards()
    {
        // Luhn finds every change of a single digit.
        const string card = "4539578763621486";
        Assert.True(BankCards.IsLuhn(card));
        for (var i = 0; i < card.Length; i++)
        {
            for (var digit = '0'; digit <= '9'; digit++)
            {
                var changed = card[..i] + digit + card[(i + 1)..];
                Assert.Equal(changed == card, BankCards.IsLuhn(changed));
            }
        }
    }

    [Theory]
    [InlineData("11010519491231002X")]
    [InlineData("440524188001010014")]
    public void HasCheckCharacter_NumbersOfTheStandard_AreRight(string number) => Assert.True(ResidentIds.HasCheckCharacter(number));

    [Fact]
    public void Mask_AnyText_EndsAndFindsNothingMore() =>
        Gen.OneOf(Gen.String, Gen.OneOf(Gen.String[Gen.Char["0123456789 -+().@a:，。"], 0, 200])).Sample(text =>
        {
            var found = PersonalDataFinder.Find(text);
            Assert.All(found.Zip(found.Skip(1)), pair => Assert.True(pair.First.Start + pair.First.Length <= pair.Second.Start));
            _ = PersonalDataFinder.Mask(text, found);
        });
}
