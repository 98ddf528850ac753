"""Charts are well-formed, named, and say in words what they show."""

from xml.etree import ElementTree

import pytest
from markupsafe import Markup

from bot.web.charts.bars import bars
from bot.web.charts.funnel import funnel
from bot.web.charts.svg import Point
from bot.web.charts.tiles import tiles
from bot.web.charts.trend import Series, trend

POINTS = [Point("科尔沁<左>翼中旗", 12, "/desk?a=1&b=2", "兴安盟"), Point("突泉", 3, "", "兴安盟")]
NAME = "{http://www.w3.org/2000/svg}"


def parts(drawn: Markup, name: str) -> list[ElementTree.Element]:
    """The elements of a kind."""
    return ElementTree.fromstring(drawn).findall(f".//{NAME}{name}")


@pytest.mark.parametrize("chart", [bars, funnel, tiles])
def test_a_chart_has_a_name_and_tells_its_values(chart) -> None:  # type: ignore[no-untyped-def]
    drawn = chart("各地<申请>", POINTS)
    assert parts(drawn, "title")[0].text == "各地<申请>"
    assert parts(drawn, "desc")[0].text == "科尔沁<左>翼中旗 12，突泉 3"
    root = ElementTree.fromstring(drawn)
    ids = {each.get("id") for each in root.iter() if each.get("id")}
    assert set((root.get("aria-labelledby") or "").split()) == ids


@pytest.mark.parametrize("chart", [bars, funnel, tiles])
def test_nothing_to_draw_is_drawn_too(chart) -> None:  # type: ignore[no-untyped-def]
    assert parts(chart("空", []), "desc")[0].text == "没有数据"


def test_bars_are_as_long_as_their_values() -> None:
    first, second = (float(bar.get("width") or 0) for bar in parts(bars("x", POINTS), "rect"))
    assert first == pytest.approx(4 * second, abs=0.2)


def test_a_funnel_shows_shares_of_the_first_step() -> None:
    texts = [each.text for each in parts(funnel("x", POINTS), "text")]
    assert "12（100%）" in texts and "3（25%）" in texts


def test_tiles_open_their_rows() -> None:
    (link,) = parts(tiles("x", POINTS), "a")
    assert link.get("href") == "/desk?a=1&b=2"


def test_lines_have_a_spot_for_every_month() -> None:
    drawn = trend("x", ("2026-10", "2026-11"), [Series("申请", (1, 4)), Series("通过", (0, 0))])
    assert len(parts(drawn, "polyline")) == 2
    assert len(parts(drawn, "circle")) == 3  # two spots and the one in the legend
    assert parts(drawn, "desc")[0].text == "申请：2026-10 1，2026-11 4；通过：2026-10 0，2026-11 0"
    assert trend("x", (), [])
