// The router scrolls to a fragment of the same page but leaves the focus where it was; the skip link is there to move it.
document.addEventListener("click", event => {
  if (event.target.closest(".skip")) {
    document.getElementById("content")?.focus();
  }
});
