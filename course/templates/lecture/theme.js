// The page follows the system's light or dark; the button turns it round, and the choice is kept where the browser allows it.
// Where there is no room beside the text, the table of contents begins folded.
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
const kept = () => {
  try {
    return localStorage.getItem("theme");
  } catch {
    return null;
  }
};
root.dataset.theme = kept() ?? "";
addEventListener("DOMContentLoaded", () => {
  const contents = document.querySelector(".contents");
  if (contents) contents.open = matchMedia("(min-width: 76rem)").matches;
  document.getElementById("theme").addEventListener("click", () => {
    const now = root.dataset.theme || (dark.matches ? "dark" : "light");
    root.dataset.theme = now === "dark" ? "light" : "dark";
    try {
      localStorage.setItem("theme", root.dataset.theme);
    } catch {}
  });
});
