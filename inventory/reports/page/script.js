"use strict";
// Rows are kept by column as they were embedded; only one page of a table is ever in the document.
const PAGE = 50;
const LANG = document.documentElement.lang;
const order = new Intl.Collator(LANG, { numeric: true }).compare;
const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const cents = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const tenth = new Intl.NumberFormat("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const NUMERIC = new Set(["number", "code", "money", "decimal", "percent"]);
const tables = new Map();

class Column {
  constructor(told, data) {
    Object.assign(this, told);
    this.distinct = data.d ?? null;   // different values, and the place of each row's
    this.values = data.d ? data.i : data;
    this.numeric = NUMERIC.has(told.kind);
  }
  value(row) { return this.distinct ? this.distinct[this.values[row]] : this.values[row]; }
  // What a filter compares and a search reads.
  plain(value) { return value === null ? "" : value === true ? WORDS.yes : value === false ? WORDS.no : String(value); }
  shown(value) {
    if (value === null || value === "") return "";
    switch (this.kind) {
      case "number": return whole.format(value);
      case "money": case "decimal": return cents.format(value);
      case "percent": return tenth.format(value) + "%";
      case "digest": return value.slice(0, 12);
      default: return this.plain(value);
    }
  }
  // The rows of `among` for which `fits(text)` holds; each different value is looked at once.
  keep(among, fits) {
    if (this.distinct) {
      const good = this.distinct.map(value => fits(this.plain(value)));
      return among.filter(row => good[this.values[row]]);
    }
    return among.filter(row => fits(this.plain(this.values[row])));
  }
}

class Table {
  constructor(section) {
    const embedded = document.getElementById("rows-" + section.id);
    const { rows, columns, data } = JSON.parse(embedded.textContent);
    embedded.remove();
    this.section = section;
    this.key = section.id;
    this.count = rows;
    this.columns = columns.map((told, index) => new Column(told, data[index]));
    this.all = Array.from({ length: rows }, (_, row) => row);
    this.filters = new Map();   // column key -> wanted text
    this.words = [];
    this.everywhere = [];
    this.page = 0;
    this.sorted = null;
    this.search = section.querySelector("input");
    this.output = section.querySelector("output");
    this.table = section.querySelector("table");
    this.bar = section.querySelector(".filters");
    this.build();
    this.apply();
  }

  column(key) { return this.columns.find(column => column.key === key); }

  build() {
    const head = this.table.createTHead().insertRow();
    for (const column of this.columns) {
      const cell = document.createElement("th"), button = document.createElement("button");
      cell.scope = "col";
      cell.setAttribute("aria-sort", "none");
      if (column.numeric) cell.className = "n";
      button.textContent = column.title;
      button.addEventListener("click", () => this.sort(column));
      cell.append(button);
      head.append(cell);
    }
    this.body = this.table.createTBody();
    if (this.columns.some(column => column.total)) {
      const row = this.table.createTFoot().insertRow();
      this.sums = this.columns.map(() => row.insertCell());
    }
    this.section.querySelector("form").addEventListener("submit", event => event.preventDefault());
    let waiting = 0;
    this.search.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => { this.words = split(this.search.value); this.apply(); }, this.count > 5000 ? 200 : 0);
    });
    for (const button of this.section.querySelectorAll("[data-go]")) button.addEventListener("click", () => this.go(button.dataset.go));
    this.selects = new Map();
    for (const column of this.columns.filter(column => column.filter)) this.select(column);
    this.chips = document.createElement("span");
    this.bar.append(this.chips);
  }

  select(column) {
    const counts = new Map();
    for (const row of this.all) { const text = column.plain(column.value(row)); counts.set(text, (counts.get(text) ?? 0) + 1); }
    if (counts.size < 2) return;
    const label = document.createElement("label"), select = document.createElement("select");
    label.append(column.title + " ", select);
    select.append(new Option(WORDS.all, ""));
    for (const [text, count] of [...counts].sort((a, b) => order(a[0], b[0]))) select.append(new Option(`${text || "—"} (${whole.format(count)})`, "=" + text));
    select.addEventListener("change", () => {
      if (select.value) this.filters.set(column.key, select.value.slice(1)); else this.filters.delete(column.key);
      this.apply();
    });
    this.selects.set(column.key, select);
    this.bar.append(label);
  }

  // Filter to what a link says: exactly those rows.
  take(filters) {
    this.filters = new Map(filters);
    this.search.value = "";
    this.words = [];
    this.apply();
  }

  apply() {
    let rows = this.all;
    for (const [key, wanted] of this.filters) { const column = this.column(key); if (column) rows = column.keep(rows, text => text === wanted); }
    for (const word of [...this.words, ...this.everywhere]) {
      const hits = new Uint8Array(this.count);
      for (const column of this.columns) for (const row of column.keep(rows, text => text.toLowerCase().includes(word))) hits[row] = 1;
      rows = rows.filter(row => hits[row]);
    }
    this.rows = rows;
    this.page = 0;
    this.arrange();
    for (const [key, select] of this.selects) select.value = this.filters.has(key) ? "=" + this.filters.get(key) : "";
    this.showChips();
    this.showSums();
    this.show();
  }

  arrange() {
    if (!this.sorted) return;
    const { column, down } = this.sorted;
    const rank = column.distinct && rankOf(column);
    const key = rank ? row => rank[column.values[row]] : row => column.value(row);
    const less = rank ? (a, b) => a - b : (a, b) => compare(column, a, b);
    this.rows = this.rows.map(row => [key(row), row]).sort((a, b) => (down ? less(b[0], a[0]) : less(a[0], b[0])) || a[1] - b[1]).map(pair => pair[1]);
  }

  sort(column) {
    const down = this.sorted?.column === column && !this.sorted.down;
    this.sorted = { column, down };
    this.columns.forEach((other, index) => this.table.tHead.rows[0].cells[index].setAttribute("aria-sort", other !== column ? "none" : down ? "descending" : "ascending"));
    this.page = 0;
    this.arrange();
    this.show();
  }

  go(where) {
    const last = Math.max(0, Math.ceil(this.rows.length / PAGE) - 1);
    this.page = { first: 0, previous: Math.max(0, this.page - 1), next: Math.min(last, this.page + 1), last }[where];
    this.show();
    this.table.parentElement.scrollTop = 0;
  }

  show() {
    const from = this.page * PAGE, to = Math.min(from + PAGE, this.rows.length);
    this.body.replaceChildren(...this.rows.slice(from, to).map(row => this.line(row)));
    if (!this.rows.length) {
      const cell = this.body.insertRow().insertCell();
      cell.colSpan = this.columns.length;
      cell.textContent = WORDS.none;
    }
    const part = `${whole.format(Math.min(from + 1, to))}–${whole.format(to)} ${WORDS.of} ${whole.format(this.rows.length)}`;
    this.output.textContent = this.rows.length === this.count ? `${part} ${WORDS.rows}` : `${part} (${whole.format(this.count)}) ${WORDS.rows}`;
    const last = to >= this.rows.length;
    for (const button of this.section.querySelectorAll("[data-go]")) button.disabled = ["next", "last"].includes(button.dataset.go) ? last : this.page === 0;
    this.section.querySelector(".pages").hidden = this.rows.length <= PAGE;
  }

  line(row) {
    const line = document.createElement("tr");
    for (const column of this.columns) {
      const value = column.value(row), cell = line.insertCell(), text = column.shown(value);
      if (column.numeric) cell.className = "n";
      else if (column.kind === "mono" || column.kind === "digest") cell.className = "mono";
      else if (value === true) cell.className = "y";
      else if (text.length > 40) cell.className = "w";
      if (column.kind === "digest" && value) cell.title = value;
      if (column.of && value) {
        const link = document.createElement("a");
        link.href = "#" + column.of.table + "?" + [...column.of.where, ...column.of.match.map(([theirs, mine]) => [theirs, this.column(mine).value(row)])]
          .map(([key, wanted]) => key + "=" + encodeURIComponent(column.plain(wanted))).join("&");
        link.textContent = text;
        cell.append(link);
      } else cell.textContent = text;
    }
    return line;
  }

  // Filters that no select shows, and a way out of all of them.
  showChips() {
    this.chips.replaceChildren();
    for (const [key, wanted] of this.filters) if (!this.selects.has(key)) {
      const chip = document.createElement("span");
      chip.className = "chip";
      chip.textContent = `${this.column(key)?.title ?? key}: ${wanted || "—"}`;
      this.chips.append(chip);
    }
    if (!this.filters.size) return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = WORDS.clear;
    button.addEventListener("click", () => { this.filters.clear(); this.apply(); this.search.focus(); });
    this.chips.append(button);
  }

  showSums() {
    if (!this.sums) return;
    const sums = new Map();
    for (const column of this.columns) if (column.total && !column.share) {
      let sum = 0;
      for (const row of this.rows) sum += column.value(row) ?? 0;
      sums.set(column.key, sum);
    }
    this.columns.forEach((column, index) => {
      const cell = this.sums[index];
      if (index === 0) cell.textContent = WORDS.total;
      if (!column.total) return;
      cell.className = "n";
      if (column.share) {
        const base = column.share.whole.reduce((sum, key) => sum + sums.get(key), 0);
        cell.textContent = base ? column.shown(100 * sums.get(column.share.part) / base) : "";
      } else cell.textContent = column.shown(sums.get(column.key));
    });
  }
}

function compare(column, a, b) {
  if (a === null || b === null) return (b === null) - (a === null);   // nothing comes first
  return column.numeric || typeof a === "boolean" ? a - b : order(a, b);
}

function rankOf(column) {
  if (column.rank) return column.rank;
  const places = column.distinct.map((_, place) => place).sort((a, b) => compare(column, column.distinct[a], column.distinct[b]));
  column.rank = [];
  places.forEach((place, rank) => { column.rank[place] = rank; });
  return column.rank;
}

function split(text) { return text.toLowerCase().split(/\s+/).filter(Boolean); }

for (const section of document.querySelectorAll("section.table")) if (section.querySelector("table")) tables.set(section.id, new Table(section));

// `#assets?status=…&room=…`: filter a table to the rows that a figure counts, and go there.
function follow() {
  const [key, query] = location.hash.slice(1).split("?");
  if (query === undefined) return;
  const pairs = query.split("&").filter(Boolean).map(pair => { const at = pair.indexOf("="); return [pair.slice(0, at), decodeURIComponent(pair.slice(at + 1))]; });
  tables.get(key)?.take(pairs);
  document.getElementById(key)?.scrollIntoView();
}
addEventListener("hashchange", follow);
// A link to where one is already is followed again: its filter may have been taken away.
addEventListener("click", event => { const link = event.target.closest?.("a[href*='?']"); if (link && link.getAttribute("href") === location.hash) follow(); });
follow();

let typing = 0;
document.getElementById("everywhere").addEventListener("input", event => {
  clearTimeout(typing);
  typing = setTimeout(() => {
    const words = split(event.target.value);
    for (const [key, table] of tables) {
      table.everywhere = words;
      table.take([]);
      table.section.hidden = words.length > 0 && table.rows.length === 0;
      const link = document.querySelector(`nav a[data-table="${key}"]`);
      link.classList.toggle("quiet", table.section.hidden);
      link.querySelector("span").textContent = whole.format(table.rows.length);
    }
  }, 200);
});
