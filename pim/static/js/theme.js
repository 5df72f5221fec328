// Before the first paint: what only a page without scripts needs is gone, and the theme the server does not know yet is
// the system's.
(() => {
  const root = document.documentElement;
  root.classList.add("with-scripts");
  if (!root.dataset.bsTheme) {
    root.dataset.bsTheme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }
})();
