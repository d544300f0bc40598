namespace Landfall.PlantedDirt;

/// <summary>
/// Edits a message as people do who send it a second time: typing errors, two words exchanged, a courtesy, other marks and
/// capitals, a small word left out. One to three edits, of which at least one changes more than marks and capitals.
/// </summary>
internal sealed class TextEdits(Random random)
{
    private static readonly string[] Openings = ["Hi, ", "Hello, ", "Hey there, ", "Good morning, ", "Please, ", "Dear team, ", "Sorry, "];
    private static readonly string[] Closings = [", please", " Thanks!", " Thank you in advance.", " thx", " Many thanks", " Cheers"];
    private static readonly string[] ChineseOpenings = ["你好，", "您好，", "请问", "麻烦问一下，", "打扰了，"];
    private static readonly string[] ChineseClosings = ["，谢谢", "，谢谢！", "，麻烦了", "，急", "啊", "呢"];
    private static readonly string[] SmallWords = ["the", "a", "an", "my", "is", "to", "just", "really", "very", "now", "still", "also"];
    private static readonly Dictionary<char, string> Neighbours = new()
    {
        ['a'] = "sq",
        ['b'] = "vn",
        ['c'] = "xv",
        ['d'] = "sf",
        ['e'] = "wr",
        ['f'] = "dg",
        ['g'] = "fh",
        ['h'] = "gj",
        ['i'] = "uo",
        ['k'] = "jl",
        ['l'] = "k",
        ['m'] = "n",
        ['n'] = "bm",
        ['o'] = "ip",
        ['p'] = "o",
        ['r'] = "et",
        ['s'] = "ad",
        ['t'] = "ry",
        ['u'] = "yi",
        ['v'] = "cb",
        ['w'] = "qe",
        ['y'] = "tu",
    };

    private static readonly (string From, string To)[] ChineseSlips = [("的", "得"), ("在", "再"), ("么", "末"), ("账", "帐"), ("做", "作"), ("已", "以"), ("那", "哪"), ("网络", "网路"), ("宽带", "宽代"), ("吗", "嘛"), ("密码", "秘码"), ("连", "联")];

    public string Edit(string text)
    {
        var isChinese = text.Any(c => c is >= '\u4E00' and <= '\u9FFF');
        var edited = isChinese ? EditChinese(text) : EditWords(text);
        for (var more = random.Next(3); more > 0; more--)
        {
            edited = random.Next(3) == 0 ? Marks(edited) : isChinese ? EditChinese(edited) : EditWords(edited);
        }

        return edited == text ? text + " " + (isChinese ? "谢谢" : "thanks") : edited;
    }

    private string EditWords(string text) => random.Next(5) switch
    {
        0 or 1 => Misspell(text),
        2 => Exchange(text),
        3 => random.Next(2) == 0 ? Openings[random.Next(Openings.Length)] + char.ToLowerInvariant(text[0]) + text[1..] : text.TrimEnd('.', '?', '!') + Closings[random.Next(Closings.Length)],
        _ => LeaveOut(text),
    };

    private string EditChinese(string text) => random.Next(4) switch
    {
        0 => ChineseOpenings[random.Next(ChineseOpenings.Length)] + text,
        1 => text.TrimEnd('。', '？', '！', '?') + ChineseClosings[random.Next(ChineseClosings.Length)],
        2 => Slip(text),
        _ => text.Length > 8 ? text.Remove(random.Next(text.Length), 1) : text + "。",
    };

    private string Slip(string text)
    {
        var fitting = ChineseSlips.Where(s => text.Contains(s.From, StringComparison.Ordinal)).ToArray();
        return fitting.Length == 0 ? text + "吗" : fitting[random.Next(fitting.Length)] is var slip ? text.Replace(slip.From, slip.To, StringComparison.Ordinal) : text;
    }

    private string Misspell(string text)
    {
        var words = text.Split(' ');
        var long_ = Enumerable.Range(0, words.Length).Where(i => words[i].Length >= 5 && words[i].All(char.IsLetter)).ToArray();
        if (long_.Length == 0)
        {
            return Exchange(text);
        }

        var at = long_[random.Next(long_.Length)];
        words[at] = MisspellWord(words[at]);
        return string.Join(' ', words);
    }

    private string MisspellWord(string word)
    {
        var i = 1 + random.Next(word.Length - 2);
        return random.Next(4) switch
        {
            0 => word[..i] + word[i + 1] + word[i] + word[(i + 2)..],
            1 => word.Remove(i, 1),
            2 => word.Insert(i, word[i].ToString()),
            _ => Neighbours.TryGetValue(char.ToLowerInvariant(word[i]), out var near) ? word[..i] + near[random.Next(near.Length)] + word[(i + 1)..] : word.Remove(i, 1),
        };
    }

    private string Exchange(string text)
    {
        var words = text.Split(' ');
        if (words.Length < 4)
        {
            return text + "!";
        }

        var at = random.Next(words.Length - 1);
        (words[at], words[at + 1]) = (words[at + 1], words[at]);
        return string.Join(' ', words);
    }

    private string LeaveOut(string text)
    {
        var words = text.Split(' ').ToList();
        var small = Enumerable.Range(0, words.Count).Where(i => SmallWords.Contains(words[i].ToLowerInvariant(), StringComparer.Ordinal)).ToArray();
        if (small.Length == 0)
        {
            return Misspell(text);
        }

        words.RemoveAt(small[random.Next(small.Length)]);
        return string.Join(' ', words);
    }

    private string Marks(string text) => random.Next(4) switch
    {
        0 => text.ToUpperInvariant(),
        1 => text.ToLowerInvariant().TrimEnd('.', '?', '!'),
        2 => text.TrimEnd('.', '?', '!', '。', '？') + "!!",
        _ => text.Replace(",", "", StringComparison.Ordinal).Replace("，", " ", StringComparison.Ordinal) + "...",
    };
}
