using System.Globalization;
using System.Text;

namespace Landfall.Console.Apps;

/// <summary>Where a stretch of text stands.</summary>
public enum DiffKind
{
    /// <summary>In both texts.</summary>
    Same,

    /// <summary>In the expected text only.</summary>
    Deleted,

    /// <summary>In the answer only.</summary>
    Inserted,
}

/// <summary>A stretch of text.</summary>
/// <param name="Kind">Where it stands.</param>
/// <param name="Text">The text.</param>
public sealed record DiffPart(DiffKind Kind, string Text);

/// <summary>
/// The difference of two texts word by word, by a longest common subsequence. Words are runs of letters and digits; a Chinese
/// or Japanese character is a word of its own, and so is every other character.
/// </summary>
public static class WordDiff
{
    // 4 M cells of the table are 16 MB; longer texts than that are shown as replaced in their middle.
    private const long LargestTable = 4_000_000;

    /// <summary>The parts in reading order; the same and the deleted ones make up <paramref name="expected"/>, the same and the inserted ones <paramref name="got"/>.</summary>
    /// <param name="expected">The text that was wanted.</param>
    /// <param name="got">The text that came.</param>
    public static IReadOnlyList<DiffPart> Compare(string expected, string got)
    {
        var a = Words(expected);
        var b = Words(got);
        var head = 0;
        while (head < a.Count && head < b.Count && a[head] == b[head])
        {
            head++;
        }

        var tail = 0;
        while (tail < a.Count - head && tail < b.Count - head && a[^(tail + 1)] == b[^(tail + 1)])
        {
            tail++;
        }

        var parts = new PartList();
        parts.Add(DiffKind.Same, a.Take(head));
        CompareMiddle(a[head..(a.Count - tail)], b[head..(b.Count - tail)], parts);
        parts.Add(DiffKind.Same, a.TakeLast(tail));
        return parts.Close();
    }

    internal static List<string> Words(string text)
    {
        var words = new List<string>();
        var elements = StringInfo.GetTextElementEnumerator(text);
        var run = new StringBuilder();
        while (elements.MoveNext())
        {
            var element = elements.GetTextElement();
            if (JoinsWord(element))
            {
                run.Append(element);
                continue;
            }

            Flush();
            words.Add(element);
        }

        Flush();
        return words;

        void Flush()
        {
            if (run.Length > 0)
            {
                words.Add(run.ToString());
                run.Clear();
            }
        }
    }

    private static bool JoinsWord(string element) =>
        Rune.DecodeFromUtf16(element, out var rune, out _) == System.Buffers.OperationStatus.Done
        && Rune.IsLetterOrDigit(rune)
        && rune.Value is not ((>= 0x2E80 and <= 0xA4CF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF));

    private static void CompareMiddle(List<string> a, List<string> b, PartList parts)
    {
        if ((long)a.Count * b.Count > LargestTable)
        {
            parts.Add(DiffKind.Deleted, a);
            parts.Add(DiffKind.Inserted, b);
            return;
        }

        // common[i, j]: length of the longest common subsequence of a[i..] and b[j..].
        var common = new int[a.Count + 1, b.Count + 1];
        for (var i = a.Count - 1; i >= 0; i--)
        {
            for (var j = b.Count - 1; j >= 0; j--)
            {
                common[i, j] = a[i] == b[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        var (x, y) = (0, 0);
        while (x < a.Count || y < b.Count)
        {
            if (x < a.Count && y < b.Count && a[x] == b[y])
            {
                parts.Add(DiffKind.Same, a[x++]);
                y++;
            }
            else if (y == b.Count || (x < a.Count && common[x + 1, y] >= common[x, y + 1]))
            {
                parts.Add(DiffKind.Deleted, a[x++]);
            }
            else
            {
                parts.Add(DiffKind.Inserted, b[y++]);
            }
        }
    }

    // Makes parts of words. Between two stretches that stay, what goes stands before what comes; a blank that both texts
    // happen to have between two changes belongs to the change, or the reader would get confetti.
    private sealed class PartList
    {
        private readonly List<DiffPart> _parts = [];
        private readonly StringBuilder _same = new();
        private readonly StringBuilder _deleted = new();
        private readonly StringBuilder _inserted = new();

        public void Add(DiffKind kind, IEnumerable<string> words)
        {
            foreach (var word in words)
            {
                Add(kind, word);
            }
        }

        public void Add(DiffKind kind, string word)
        {
            if (kind == DiffKind.Same)
            {
                _same.Append(word);
                return;
            }

            if (_same.Length > 0)
            {
                TakeSame();
            }

            (kind == DiffKind.Deleted ? _deleted : _inserted).Append(word);
        }

        public IReadOnlyList<DiffPart> Close()
        {
            CloseChange();
            CloseOne(DiffKind.Same, _same);
            return _parts;
        }

        // A change begins or goes on after the pending same stretch.
        private void TakeSame()
        {
            if (_deleted.Length + _inserted.Length > 0 && string.IsNullOrWhiteSpace(_same.ToString()))
            {
                _deleted.Append(_same);
                _inserted.Append(_same);
                _same.Clear();
                return;
            }

            CloseChange();
            CloseOne(DiffKind.Same, _same);
        }

        private void CloseChange()
        {
            CloseOne(DiffKind.Deleted, _deleted);
            CloseOne(DiffKind.Inserted, _inserted);
        }

        private void CloseOne(DiffKind kind, StringBuilder text)
        {
            if (text.Length > 0)
            {
                _parts.Add(new DiffPart(kind, text.ToString()));
                text.Clear();
            }
        }
    }
}
