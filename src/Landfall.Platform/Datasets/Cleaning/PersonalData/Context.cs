using System.Text.RegularExpressions;

namespace Landfall.Platform.Datasets.Cleaning.PersonalData;

/// <summary>What the words just before a number say that it is.</summary>
internal static partial class Context
{
    private const int Reach = 24;

    public static bool NamesAnOrder(string text, int at) => Order().IsMatch(Before(text, at));

    public static bool NamesAnIdentity(string text, int at) => Identity().IsMatch(Before(text, at));

    public static bool NamesAPhone(string text, int at) => Phone().IsMatch(Before(text, at));

    private static string Before(string text, int at) => text[Math.Max(0, at - Reach)..at];

    [GeneratedRegex(@"(?:order|ticket|invoice|tracking|serial|reference|ref|case|number plate|parcel|account no|customer no|contract|model|build|version|订单|工单|单号|发票|流水|编号|序列号|合同)[^0-9\p{L}]{0,4}(?:number|no|nr|id|号|号码|是|为)?[^0-9\p{L}]{0,4}(?:is|was)?[^0-9\p{L}]{0,3}$|#\s?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Order();

    [GeneratedRegex(@"身份证|\bID (?:card|number)|identity", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Identity();

    [GeneratedRegex(@"(?:phone|mobile|cell|tel|call|ring|dial|text|whatsapp|sms|reach|contact|telephone|电话|手机|座机|致电|联系|拨打|打我|回电)[^0-9]{0,16}$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Phone();
}
