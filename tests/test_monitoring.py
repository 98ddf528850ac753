"""What monitors the service speaks of metrics that exist and of a runbook that says what to do."""

import importlib.util
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from bot.config import Config
from bot.sending.lane import Lane
from bot.turns.trail import PARTS
from bot.watch import limits
from bot.watch.watch import Watch
from storage.db import Database
from tests.storage.make import NOW
from tests.storage.test_figures import fill
from tests.watch.test_parts import Silent

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "deploy" / "monitoring"
NOT_OURS = {"up", "probe_ssl_earliest_cert_expiry"}
OUTSIDE_LABELS = {"job", "instance"}
WORDS = {"by", "on", "or", "and", "group_left", "without"}
FUNCTIONS = {
    *("sum", "max", "min", "count", "topk", "rate", "increase", "time", "absent", "scalar"),
    "histogram_quantile",
}
LIMITS = {
    "YuluInboxWaits": limits.INBOX_WAITS,
    "YuluOutboxWaits": limits.OUTBOX_WAITS,
    "YuluRemindersWait": limits.REMINDERS_WAIT,
    "YuluClocksBehind": limits.CLOCKS_BEHIND,
    "YuluEmergencyUnacknowledged": limits.EMERGENCY_WAITS,
    "YuluBackupOld": limits.BACKUP_OLD,
    "YuluPurgeLate": limits.PURGE_LATE + timedelta(days=1),  # a day is known by its beginning
}


def alerts() -> list[dict[str, Any]]:
    rules = yaml.safe_load((FOLDER / "alerts.yml").read_text("utf-8"))
    return [rule for group in rules["groups"] for rule in group["rules"]]


def shown() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / "dashboard.json").read_text("utf-8"))
    return found


def queries() -> Iterator[str]:
    yield from (rule["expr"] for rule in alerts())
    for panel in shown()["panels"]:
        yield from (target["expr"] for target in panel["targets"])


@pytest.fixture
async def samples(db: Database, tmp_path: Path) -> dict[str, set[str]]:
    """Every sample that a busy process exports, and the labels it has."""
    await fill(db)
    async with db.write() as uow:
        await uow.purges.begin(NOW.date(), NOW, {"drafts": NOW})
        await uow.purges.finish(NOW.date(), NOW)
    watch = Watch(db, Config(data_dir=tmp_path), ("web", "telegram"), lambda: NOW)
    watch.pulse.lanes = [Lane("telegram", Silent())]
    meters = watch.meters
    meters.accepted("web")
    meters.turned("answered", 0.1, 0.1, dict.fromkeys(PARTS.values(), 0.1))
    meters.sent("web", "sent", 0.1)
    meters.answered("desk", 200, 0.1)
    meters.signed_in("failed")
    meters.looped("outbox")
    watch.ticked(0.1, True)
    await watch.metrics()
    found: dict[str, set[str]] = {}
    for family in meters.registry.collect():
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def names_in(query: str) -> set[str]:
    """The metrics of a query; raises for a function that we do not know."""
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]", " ", query)
    bare = re.sub(r"\b(by|on|without)\s*\([^)]*\)", " ", bare)
    called = set(re.findall(r"([a-z_]+)\s*\(", bare)) - WORDS
    assert called <= FUNCTIONS, called - FUNCTIONS
    words = set(re.findall(r"[a-zA-Z_][a-zA-Z0-9_]*", bare))
    return words - called - WORDS


def labels_in(query: str) -> set[str]:
    """The labels that a query selects or groups by."""
    asked = {
        name
        for inside in re.findall(r"\{([^}]*)\}", query)
        for name in re.findall(r"(\w+)\s*[=!]~?", inside)
    }
    for inside in re.findall(r"\b(?:by|on|without)\s*\(([^)]*)\)", query):
        asked |= {name.strip() for name in inside.split(",") if name.strip()}
    return asked


async def test_every_query_asks_for_what_there_is(samples: dict[str, set[str]]) -> None:
    assert len(list(queries())) > 50
    for query in queries():
        assert query.count("(") == query.count(")") and query.count("{") == query.count("}")
        names = names_in(query)
        assert names, query
        assert names <= samples.keys() | NOT_OURS, (query, names - samples.keys())
        known = set().union(*(samples.get(name, set()) for name in names)) | OUTSIDE_LABELS
        assert labels_in(query) <= known, (query, labels_in(query) - known)


def test_every_value_that_is_selected_stands_in_the_program() -> None:
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "bot").rglob("*.py"))
    source += (ROOT / "storage" / "kinds.py").read_text("utf-8")
    for query in queries():
        for value in re.findall(r'[=~]"([^"]*)"', query):
            for each in value.split("|"):
                assert re.search(rf'"{each}"|\b{each}\b', source) or each in ("5xx", "yulu"), each


async def test_the_check_itself_notices(samples: dict[str, set[str]]) -> None:
    assert names_in('max(yulu_nothing{queue="x"}) > 3') == {"yulu_nothing"}
    assert labels_in('sum by (a, b) (rate(x{c="d",e=~"f"}[5m]))') == {"a", "b", "c", "e"}
    with pytest.raises(AssertionError):
        names_in("averaged(up)")
    assert "yulu_nothing" not in samples


def test_every_alert_says_what_it_means_and_what_to_do() -> None:
    found = alerts()
    assert len({rule["alert"] for rule in found}) == len(found) > 20
    for rule in found:
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert set(rule["annotations"]) == {"summary", "action", "runbook"}
        assert re.fullmatch(r"\d+[smhd]", rule.get("for", "1m"))
        for said in (rule["annotations"]["summary"], rule["annotations"]["action"]):
            assert re.search(r"[\u4e00-\u9fff]", said) and said.endswith("。")


def test_alerts_and_the_page_at_the_desk_have_the_same_limits() -> None:
    by_name = {rule["alert"]: rule["expr"] for rule in alerts()}
    for name, limit in LIMITS.items():
        assert f"> {int(limit.total_seconds())}" in by_name[name], name


def test_the_dashboard_is_what_its_script_writes() -> None:
    assert (FOLDER / "dashboard.json").read_text("utf-8") == script().written()


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("d", ROOT / "scripts" / "make_dashboard.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_dashboard_is_one_that_grafana_can_import() -> None:
    found = shown()
    assert {"uid", "title", "schemaVersion", "panels", "templating", "time"} <= found.keys()
    (source,) = found["templating"]["list"]
    assert (source["type"], source["query"]) == ("datasource", "prometheus")
    panels = found["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        assert panel["type"] in ("stat", "timeseries") and panel["title"]
        assert panel["datasource"] == {"type": "prometheus", "uid": "${source}"}
        ids = [target["refId"] for target in panel["targets"]]
        assert ids and len(set(ids)) == len(ids)
        at = panel["gridPos"]
        assert at["x"] + at["w"] <= 24
        cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert not cells & taken, panel["title"]
        taken |= cells


def test_prometheus_reads_the_rules_and_asks_where_the_figures_are() -> None:
    settings = yaml.safe_load((FOLDER / "prometheus.yml").read_text("utf-8"))
    assert settings["rule_files"] == ["alerts.yml"]
    jobs = {job["job_name"]: job for job in settings["scrape_configs"]}
    assert "metrics_path" not in jobs["yulu"], "/metrics is where Prometheus looks anyway"
    assert all('job="yulu"' in rule["expr"] for rule in alerts() if "up{" in rule["expr"])
