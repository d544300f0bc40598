using System.Globalization;

namespace Landfall.PlantedDirt;

/// <summary>Invented personal data of valid form, and look-alikes that are none.</summary>
internal sealed class PersonalDataSamples(Random random)
{
    private static readonly string[] FirstNames = ["anna", "li.wei", "john", "maria", "zhang.min", "omar", "sofie", "peter", "wang_fang", "k.tanaka"];
    private static readonly string[] LastNames = ["smith", "mueller", "chen", "garcia", "olsen", "rossi", "kowalski", "ng"];
    private static readonly string[] Domains = ["example.com", "mail.example.org", "example.co.uk", "qq.example.cn", "post.example.de"];
    private static readonly string[] Regions = ["110101", "310104", "440305", "330106", "510107", "420106", "320102", "610113"];

    public string AddTo(string text)
    {
        var isChinese = text.Any(c => c is >= '\u4E00' and <= '\u9FFF');
        return random.Next(6) switch
        {
            0 or 1 => isChinese ? $"{text} 我的邮箱是{Email()}" : Place(text, $"my email is {Email()}"),
            2 => isChinese ? $"{text}，手机{ChineseMobile()}" : Place(text, $"call me on {Phone()}"),
            3 => isChinese ? $"{text} 请打我电话 {ChineseLandline()}" : Place(text, $"my number is {Phone()}"),
            4 => isChinese ? $"{text}，卡号{Card()}" : Place(text, $"the card is {Card()}"),
            _ => isChinese ? $"身份证号{ResidentId()}，{text}" : random.Next(2) == 0 ? Place(text, $"my ID card is {ResidentId()}") : Place(text, $"refund to {Iban()}"),
        };
    }

    public string AddLureTo(string text)
    {
        var isChinese = text.Any(c => c is >= '\u4E00' and <= '\u9FFF');
        return random.Next(8) switch
        {
            0 => isChinese ? $"{text}，订单号{Digits(12)}" : Place(text, $"order {Digits(12)}"),
            1 => Place(text, $"since {random.Next(2020, 2027)}-{random.Next(1, 13):00}-{random.Next(1, 29):00} {random.Next(24):00}:{random.Next(60):00}"),
            2 => Place(text, $"my address is 192.168.{random.Next(256)}.{random.Next(1, 255)}"),
            3 => Place(text, $"firmware {random.Next(1, 12)}.{random.Next(20)}.{random.Next(1000, 9999)}"),
            4 => isChinese ? $"{text}，流水号{FailingCard()}" : Place(text, $"reference {FailingCard()}"),
            5 => Place(text, $"ticket #{random.Next(2020, 2027)}-{random.Next(100000, 999999)}"),
            6 => Place(text, $"I paid {random.Next(1, 9)},{random.Next(100, 999)},{random.Next(100, 999)}.{random.Next(10, 99)}"),
            _ => Place(text, $"serial no. SN{Digits(11)}, MAC 00:1B:44:{random.Next(10, 99)}:3A:B7"),
        };
    }

    private string Place(string text, string more) => random.Next(3) switch
    {
        0 => char.ToUpperInvariant(more[0]) + more[1..] + ". " + text,
        1 => $"{text.TrimEnd('.', '!')} ({more})",
        _ => $"{text.TrimEnd('.', '!')}, {more}",
    };

    private string Email() => $"{FirstNames[random.Next(FirstNames.Length)]}{(random.Next(2) == 0 ? "." + LastNames[random.Next(LastNames.Length)] : random.Next(10, 99).ToString(CultureInfo.InvariantCulture))}@{Domains[random.Next(Domains.Length)]}";

    private string ChineseMobile() => (random.Next(3), $"1{random.Next(3, 10)}{random.Next(10)}", Digits(4), Digits(4)) switch
    {
        (0, var a, var b, var c) => a + b + c,
        (1, var a, var b, var c) => $"{a} {b} {c}",
        (_, var a, var b, var c) => $"+86 {a}{b}{c}",
    };

    private string ChineseLandline() => $"0{(random.Next(2) == 0 ? "10" : "571")}-{random.Next(2, 9)}{Digits(7)}";

    private string Phone() => random.Next(4) switch
    {
        0 => $"+44 20 7946 {Digits(4)}",
        1 => $"({random.Next(2, 10)}{Digits(2)}) {random.Next(2, 10)}{Digits(2)}-{Digits(4)}",
        2 => $"+49 30 {Digits(8)}",
        _ => $"{random.Next(2, 10)}{Digits(2)}-{random.Next(2, 10)}{Digits(2)}-{Digits(4)}",
    };

    private string Card()
    {
        var prefix = new[] { "4", "51", "62", "4929", "5500", "622202" }[random.Next(6)];
        var body = prefix + Digits(15 - prefix.Length);
        var number = body + Luhn(body).ToString(CultureInfo.InvariantCulture);
        return random.Next(2) == 0 ? number : string.Join(' ', Enumerable.Range(0, 4).Select(i => number.Substring(4 * i, 4)));
    }

    private string FailingCard()
    {
        var body = "4" + Digits(14);
        return body + ((Luhn(body) + 1 + random.Next(8)) % 10).ToString(CultureInfo.InvariantCulture);
    }

    private string ResidentId()
    {
        var body = Regions[random.Next(Regions.Length)] + new DateOnly(1950, 1, 1).AddDays(random.Next(20_000)).ToString("yyyyMMdd", CultureInfo.InvariantCulture) + Digits(3);
        var sum = 0;
        for (var i = 0; i < 17; i++)
        {
            // ISO 7064 MOD 11-2: the weight of a place is a power of two.
            sum += (body[i] - '0') * ((1 << (17 - i)) % 11);
        }

        return body + "10X98765432"[sum % 11];
    }

    private string Iban()
    {
        var account = Digits(18);
        var rest = (account + "131400").Aggregate(0, (r, c) => ((r * 10) + (c - '0')) % 97);
        return $"DE{98 - rest:00}{account}";
    }

    private static int Luhn(string body)
    {
        var sum = body.Reverse().Select((c, i) => i % 2 == 0 ? 2 * (c - '0') : c - '0').Sum(d => d > 9 ? d - 9 : d);
        return (10 - (sum % 10)) % 10;
    }

    private string Digits(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => random.Next(10)));
}
