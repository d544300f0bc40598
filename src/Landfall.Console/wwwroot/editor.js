// Keeps the line numbers beside the text, tells on which line the caret is, and goes to a line.
export function attach(text, gutter, page) {
  let line = 0;
  const scroll = () => {
    gutter.scrollTop = text.scrollTop;
  };
  const caret = () => {
    const now = text.value.slice(0, text.selectionStart).split("\n").length;
    if (now !== line) {
      line = now;
      page.invokeMethodAsync("CaretAt", line);
    }
  };
  text.addEventListener("scroll", scroll, { passive: true });
  text.addEventListener("keyup", caret);
  text.addEventListener("click", caret);
  text.addEventListener("focus", caret);
  return {
    goto: wanted => {
      const lines = text.value.split("\n");
      const start = lines.slice(0, wanted - 1).reduce((sum, one) => sum + one.length + 1, 0);
      text.focus();
      text.setSelectionRange(start, start + (lines[wanted - 1]?.length ?? 0));
      text.scrollTop = Math.max(0, (wanted - 4) * parseFloat(getComputedStyle(text).lineHeight));
      scroll();
    },
    detach: () => {
      text.removeEventListener("scroll", scroll);
      text.removeEventListener("keyup", caret);
      text.removeEventListener("click", caret);
      text.removeEventListener("focus", caret);
    },
  };
}
