// Rows of 36 or of 28 pixels: a cookie keeps it, so that the server draws the list in it at once.

export function keepDensity() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-density]");
    if (!button) return;
    const isCompact = document.querySelector(".list-table").classList.toggle("is-compact");
    button.setAttribute("aria-pressed", isCompact);
    document.cookie = `rows=${isCompact ? "compact" : ""}; path=/; max-age=31536000; samesite=lax`;
  });
}
