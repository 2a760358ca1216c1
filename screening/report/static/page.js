"use strict";
document.documentElement.classList.remove("no-js");
(() => {
  const all = [...document.querySelectorAll("details")];
  const shown = () => { const at = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1))); if (at instanceof HTMLDetailsElement) at.open = true; else if (at) { const first = at.querySelector(":scope > details"); if (first && at.classList.contains("pillar")) for (const d of at.querySelectorAll("details")) d.open = true; } };
  for (const d of all) if (!d.matches(".keep")) d.open = false;
  shown();
  addEventListener("hashchange", shown);
  addEventListener("beforeprint", () => { for (const d of all) { d.dataset.was = d.open; d.open = true; } });
  addEventListener("afterprint", () => { for (const d of all) d.open = d.dataset.was === "true"; });
  for (const b of document.querySelectorAll("button[data-all]")) b.addEventListener("click", () => { for (const d of all) d.open = b.dataset.all === "open"; });
})();
(() => {
  const table = document.getElementById("ranking-table");
  if (!table) return;
  const body = table.tBodies[0], rows = [...body.rows], order = new Map(rows.map((row, i) => [row, i]));
  const collator = new Intl.Collator(document.documentElement.lang, {numeric: true});
  const key = (row, i) => { const cell = row.cells[i]; return cell.dataset.k ?? cell.textContent.trim(); };
  const number = text => { const n = parseFloat(text.replace(/[,%]/g, "").replace("−", "-")); return Number.isNaN(n) ? -Infinity : n; };
  for (const button of table.tHead.querySelectorAll("button")) {
    button.addEventListener("click", () => {
      const head = button.closest("th"), i = head.cellIndex, numeric = head.classList.contains("n");
      const first = numeric && i > 0 ? "descending" : "ascending";
      const other = first === "ascending" ? "descending" : "ascending";
      const way = head.getAttribute("aria-sort") === first ? other : first;
      for (const th of table.tHead.rows[0].cells) if (th.hasAttribute("aria-sort")) th.setAttribute("aria-sort", "none");
      head.setAttribute("aria-sort", way);
      const sign = way === "ascending" ? 1 : -1;
      const compare = numeric ? (a, b) => number(key(a, i)) - number(key(b, i)) : (a, b) => collator.compare(key(a, i), key(b, i));
      rows.sort((a, b) => sign * compare(a, b) || order.get(a) - order.get(b));
      body.append(...rows);
    });
  }
  const tools = document.getElementById("tools"), count = document.getElementById("count");
  const filter = () => {
    const text = tools.q.value.trim().toLowerCase();
    let n = 0;
    for (const row of rows) {
      const d = row.dataset;
      const shown = (!tools.city.value || d.city === tools.city.value) && (!tools.domain.value || d.domain === tools.domain.value)
        && (!tools.outcome.value || d.outcome === tools.outcome.value) && (!text || row.textContent.toLowerCase().includes(text));
      row.hidden = !shown;
      n += shown;
    }
    count.textContent = count.dataset.text.replace("{n}", n.toLocaleString("en"));
  };
  tools.addEventListener("input", filter);
  tools.addEventListener("submit", event => event.preventDefault());
  tools.addEventListener("reset", () => setTimeout(filter));
  filter();
})();
