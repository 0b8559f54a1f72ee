"""The page in a real browser (Chromium, where it is installed): its own script shows, filters, sorts and searches the rows."""

from __future__ import annotations

import html as markup
import json
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from inventory.load import load_estate
from inventory.reports import Facts, Report, build, html, links

NINGXIA = Path(__file__).parents[2] / "estates" / "ningxia"
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [pytest.mark.lab, pytest.mark.skipif(BROWSER is None, reason="no Chromium here: apt-get install chromium")]
USE = """<script>
addEventListener("load", async () => {
  const told = {}, wait = () => new Promise(done => setTimeout(done, 500)), one = selector => document.querySelector(selector);
  const type = async (field, text) => { field.value = text; field.dispatchEvent(new Event("input")); await wait(); };
  const shown = key => [...document.querySelectorAll(`#${key} tbody tr`)].map(row => row.cells[0].textContent);
  const count = key => tables.get(key).rows.length;
  told.first = shown("assets").length;
  one("#assets [data-go=last]").click();
  told.last = shown("assets").at(-1);
  await type(one("#systems input"), "养老 服务");
  told.searched = shown("systems");
  await type(one("#systems input"), "");
  told.links = {};
  for (const link of document.querySelectorAll(".figure, svg a, #cities tbody a")) {
    location.hash = link.getAttribute("href"); await new Promise(done => setTimeout(done, 20));
    told.links[link.getAttribute("href")] = count(link.getAttribute("href").slice(1).split("?")[0]);
  }
  location.hash = "#assets?"; await wait();
  const head = [...document.querySelectorAll("#assets th button")].find(button => button.textContent === TITLE);
  head.click(); head.click();
  told.most = shown("assets")[0];
  await type(one("#everywhere"), "nowhere at all");
  told.nothing = [...tables.values()].reduce((sum, table) => sum + table.rows.length, 0);
  await type(one("#everywhere"), "");
  told.everything = [...tables.values()].reduce((sum, table) => sum + table.rows.length, 0);
  document.body.textContent = JSON.stringify(told);
});
</script></body>"""


@pytest.fixture(scope="module")
def report() -> Report:
    return build(load_estate(NINGXIA), Facts(as_of=date(2026, 10, 1)))


@pytest.fixture(scope="module")
def told(report: Report, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the browser says after the page was used as a reader would."""
    assets = report.table("assets")
    use = USE.replace("TITLE", json.dumps(assets.columns[assets.index("book")].title))
    page = tmp_path_factory.mktemp("page") / "inventory.html"
    page.write_text(html.render(report).replace("</body>", use), "utf-8")
    words = [str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=60000", "--dump-dom", page.as_uri()]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=True)
    body = re.search(r"<body>(.*)</body>", done.stdout, re.S)
    assert body, done.stdout[-500:]
    found: dict[str, Any] = json.loads(markup.unescape(body[1]))
    return found


def test_a_page_of_rows_at_a_time_and_the_last_is_reached(report: Report, told: dict[str, Any]) -> None:
    rows = report.table("assets").rows
    assert 0 < told["first"] < len(rows)
    assert told["last"] == rows[-1][0]


def test_search_wants_every_word(report: Report, told: dict[str, Any]) -> None:
    assert told["searched"] == [row[0] for row in report.table("systems").rows if "养老" in str(row) and "服务" in str(row)]
    assert told["searched"]


def test_links_show_exactly_their_rows(report: Report, told: dict[str, Any]) -> None:
    from tests.inventory.reports_help import led_to

    assert set(told["links"]) >= {links.link(figure.source, report.words) for figure in report.figures}
    for link, count in told["links"].items():
        assert count == len(led_to(report, link)[1]), link


def test_sorting_takes_numbers_as_numbers(report: Report, told: dict[str, Any]) -> None:
    assets = report.table("assets")
    most = max(float(str(value)) for value in assets.values("book"))
    assert next(row[assets.index("book")] for row in assets.rows if row[0] == told["most"]) == most


def test_the_search_of_all_tables_hides_and_brings_back(report: Report, told: dict[str, Any]) -> None:
    assert told["nothing"] == 0
    assert told["everything"] == sum(len(table.rows) for table in report.tables)
