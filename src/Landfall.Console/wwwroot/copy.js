// Copies the text of the element that a [data-copy] button names.
document.addEventListener("click", async event => {
  const button = event.target.closest("[data-copy]");
  const source = button && document.getElementById(button.dataset.copy);
  if (!source) {
    return;
  }

  try {
    await navigator.clipboard.writeText(source.textContent);
  } catch {
    // The clipboard needs a secure context; select the text, so that the keyboard can copy it.
    getSelection().selectAllChildren(source);
    return;
  }

  button.dataset.copied = "";
  setTimeout(() => delete button.dataset.copied, 1500);
});
