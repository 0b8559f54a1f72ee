"use strict";
for (const section of document.querySelectorAll("section.table")) {
  const table = section.querySelector("table");
  if (!table) continue;
  const heads = [...table.tHead.rows[0].cells], body = table.tBodies[0], rows = [...body.rows];
  const search = section.querySelector("input"), selects = [...section.querySelectorAll("select")], output = section.querySelector("output");
  const text = rows.map(row => row.textContent.toLowerCase());
  const place = select => heads.findIndex(head => head.dataset.key === select.dataset.key);
  const raw = (row, index) => row.cells[index].dataset.value ?? row.cells[index].textContent;
  const shown = number => number.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 2 });

  for (const select of selects) {
    const values = new Map();
    for (const row of rows) { const cell = row.cells[place(select)]; values.set(cell.textContent, (values.get(cell.textContent) ?? 0) + 1); }
    if (values.size < 2) { select.parentElement.hidden = true; continue; }
    for (const [value, count] of [...values].sort((a, b) => a[0].localeCompare(b[0], document.documentElement.lang)))
      select.append(new Option(`${value || "—"} (${count})`, "=" + value));
  }

  function filter() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = selects.filter(select => select.value).map(select => [place(select), select.value.slice(1)]);
    const sums = heads.map(() => 0);
    let count = 0;
    rows.forEach((row, number) => {
      const fits = words.every(word => text[number].includes(word)) && wanted.every(([index, value]) => row.cells[index].textContent === value);
      row.hidden = !fits;
      if (!fits) return;
      count++;
      heads.forEach((head, index) => { if ("total" in head.dataset) sums[index] += Number(raw(row, index)) || 0; });
    });
    output.textContent = count === rows.length ? `${count} ${WORDS.rows}` : `${count} / ${rows.length} ${WORDS.rows}`;
    if (table.tFoot) heads.forEach((head, index) => { if ("total" in head.dataset) table.tFoot.rows[0].cells[index].textContent = shown(sums[index]); });
  }

  heads.forEach((head, index) => head.querySelector("button").addEventListener("click", () => {
    const down = head.getAttribute("aria-sort") === "ascending";
    heads.forEach(other => other.setAttribute("aria-sort", "none"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const numeric = ["number", "money", "decimal"].includes(head.dataset.kind);
    rows.map((row, number) => [numeric ? Number(raw(row, index) || -Infinity) : raw(row, index), number, row])
      .sort((a, b) => (numeric ? a[0] - b[0] : a[0].localeCompare(b[0], document.documentElement.lang)) * (down ? -1 : 1) || a[1] - b[1])
      .forEach(entry => body.append(entry[2]));
  }));
  search.addEventListener("input", filter);
  selects.forEach(select => select.addEventListener("change", filter));
  filter();
}
