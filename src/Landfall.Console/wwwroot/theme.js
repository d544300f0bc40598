// Runs before the first paint, so that a dark page never flashes white.
(() => {
  const key = "landfall-theme";
  const order = ["system", "light", "dark"];
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let choice = "system";
  try {
    choice = order.includes(localStorage.getItem(key)) ? localStorage.getItem(key) : "system";
  } catch {
    // Storage is refused: the choice lasts as long as the page.
  }

  const apply = () => {
    const root = document.documentElement;
    root.dataset.themeChoice = choice;
    root.dataset.theme = choice === "system" ? (dark.matches ? "dark" : "light") : choice;
  };

  apply();
  dark.addEventListener("change", apply);
  document.addEventListener("click", event => {
    if (!event.target.closest("[data-theme-switch]")) {
      return;
    }

    choice = order[(order.indexOf(choice) + 1) % order.length];
    try {
      localStorage.setItem(key, choice);
    } catch {
      // As above.
    }

    apply();
  });
})();
