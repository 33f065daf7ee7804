// A field above a long table that hides the rows in which a word is missing.
function addFilter(table) {
  const rows = [...table.tBodies[0].rows];
  if (rows.length < 15 || table.dataset.filtered) return;
  table.dataset.filtered = "yes";
  const field = document.createElement("input");
  field.type = "search";
  field.placeholder = "Filter: error, links, …";
  field.setAttribute("aria-label", "Filter the table");
  field.style.cssText = "margin: 0 0 .6rem; padding: .4rem .6rem; border: 1px solid currentColor; width: 16rem;";
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/);
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
  });
  table.before(field);
}

document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("article table").forEach(addFilter));
