"""Writes deploy/monitoring/dashboard.json for Grafana: `python scripts/make_dashboard.py`.

Figures of the database are the same in every process, so they are taken with max; what a process
counts itself is added up.
"""

import json
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[1] / "deploy" / "monitoring" / "dashboard.json"
SOURCE = {"type": "prometheus", "uid": "${source}"}
WIDE = 24

Target = tuple[str, str]
"""A query and the name of its line."""

STATS: list[tuple[str, str, str, list[tuple[str, float | None]]]] = [
    ("没人接的紧急求助", 'max(yulu_escalations_unacknowledged{type="emergency"})', "none",
     [("green", None), ("red", 1)]),
    ("消息最久等了", 'max(yulu_queue_age_seconds{queue="inbox"})', "s",
     [("green", None), ("orange", 60), ("red", 300)]),
    ("出错的消息", 'max(yulu_queue_length{queue="parked"})', "none",
     [("green", None), ("orange", 1)]),
    ("没发出去（24 小时）", 'sum(max by (channel) (yulu_queue_length{queue="unsent"}))', "none",
     [("green", None), ("orange", 1)]),
    ("距上次定时检查", "time() - max(yulu_last_tick_timestamp_seconds)", "s",
     [("green", None), ("red", 600)]),
    ("距上次备份", "time() - max(yulu_last_backup_timestamp_seconds)", "s",
     [("green", None), ("red", 172800)]),
    ("磁盘空着", "min(yulu_disk_free_bytes / yulu_disk_bytes)", "percentunit",
     [("red", None), ("orange", 0.1), ("green", 0.2)]),
    ("在运行的进程", "max(yulu_processes)", "none", [("red", None), ("green", 1)]),
]  # fmt: skip

GRAPHS: list[tuple[str, str, list[Target]]] = [
    ("消息：来的和回答的（每秒）", "reqps", [
        ("sum by (channel) (rate(yulu_messages_accepted_total[5m]))", "来 {{channel}}"),
        ("sum by (outcome) (rate(yulu_turns_total[5m]))", "{{outcome}}")]),
    ("回答一条要多久", "s", [
        ("histogram_quantile(0.5, sum by (le) (rate(yulu_turn_seconds_bucket[5m])))", "一半"),
        ("histogram_quantile(0.99, sum by (le) (rate(yulu_turn_seconds_bucket[5m])))", "99%"),
        ("histogram_quantile(0.99, sum by (le) (rate(yulu_turn_waited_seconds_bucket[5m])))",
         "先等了（99%）"),
        ("max(yulu_turn_in_hand_seconds)", "手上最久的")]),
    ("时间花在哪里（每条平均）", "s", [
        ("sum by (part) (rate(yulu_turn_part_seconds_sum[5m]))"
         " / scalar(sum(rate(yulu_turn_seconds_count[5m])))", "{{part}}")]),
    ("排队几条", "none", [
        ('max by (queue, channel) (yulu_queue_length{queue!="unsent"})', "{{queue}} {{channel}}")]),
    ("排队最久", "s", [
        ('max by (queue, channel) (yulu_queue_age_seconds{queue!~"unsent|parked"})',
         "{{queue}} {{channel}}"),
        ("max(yulu_clock_lag_seconds)", "到点的时限")]),
    ("发送（每秒）", "reqps", [
        ("sum by (channel, result) (rate(yulu_sends_total[5m]))", "{{channel}} {{result}}")]),
    ("发一条要多久（99%）", "s", [
        ("histogram_quantile(0.99, sum by (le, channel) (rate(yulu_send_seconds_bucket[5m])))",
         "{{channel}}")]),
    ("聊天平台", "none", [
        ('max by (channel, state) (yulu_channel_state{state!="here"})', "{{channel}} {{state}}"),
        ("sum(rate(yulu_engine_fallbacks_total[5m]))", "Rasa 没回答（每秒）")]),
    ("网页和接口（每秒）", "reqps", [
        ("sum by (area, status) (rate(yulu_http_requests_total[5m]))", "{{area}} {{status}}")]),
    ("网页和接口要多久（99%）", "s", [
        ("histogram_quantile(0.99, sum by (le, area) (rate(yulu_http_seconds_bucket[5m])))",
         "{{area}}")]),
    ("过了时限的记录", "none", [
        ("sum by (kind, assigned) (max by (kind, county, assigned) (yulu_records_overdue))",
         "{{kind}} 有人经办：{{assigned}}"),
        ("max(yulu_supervised_late)", "督办")]),
    ("过了时限最多的旗县", "none", [
        ("topk(10, sum by (county) (max by (kind, county, assigned) (yulu_records_overdue)))",
         "{{county}}")]),
    ("没人接的求助", "none", [
        ("max by (type) (yulu_escalations_unacknowledged)", "{{type}}")]),
    ("没结的失学个案", "none", [("max by (status) (yulu_dropout_cases_open)", "{{status}}")]),
    ("定时检查", "s", [
        ("histogram_quantile(0.99, sum by (le) (rate(yulu_tick_seconds_bucket[15m])))", "99% 用时"),
        ('sum(increase(yulu_ticks_total{result="broke"}[15m]))', "出错（15 分钟）")]),
    ("登录", "none", [
        ("sum by (result) (increase(yulu_logins_total[15m]))", "{{result}}（15 分钟）")]),
    ("内存", "bytes", [("process_resident_memory_bytes", "{{instance}}")]),
    ("处理器（核）", "none", [("rate(process_cpu_seconds_total[5m])", "{{instance}}")]),
    ("数据库和磁盘", "bytes", [
        ("max(yulu_database_bytes)", "数据库"), ("min(yulu_disk_free_bytes)", "磁盘空着")]),
    ("版本和数据库结构", "none", [
        ("count by (version, role) (yulu_build_info)", "{{version}} {{role}}"),
        ("count by (revision, expected) (yulu_schema_info)",
         "结构 {{revision}}，程序要 {{expected}}"),
    ]),
]  # fmt: skip


def dashboard() -> dict[str, Any]:
    """The whole dashboard, as Grafana imports it."""
    panels = [_stat(number, *stat) for number, stat in enumerate(STATS)]
    panels += [_graph(number, *graph) for number, graph in enumerate(GRAPHS)]
    for number, panel in enumerate(panels, 1):
        panel["id"] = number
    source = {"name": "source", "type": "datasource", "query": "prometheus", "label": "数据源"}
    return {
        "uid": "yulu",
        "title": "育路运行状况",
        "tags": ["yulu"],
        "timezone": "Asia/Shanghai",
        "schemaVersion": 39,
        "version": 1,
        "editable": True,
        "refresh": "30s",
        "time": {"from": "now-12h", "to": "now"},
        "templating": {"list": [source]},
        "annotations": {"list": []},
        "panels": panels,
    }


def _stat(
    number: int, title: str, query: str, unit: str, steps: list[tuple[str, float | None]]
) -> dict[str, Any]:
    width = WIDE // len(STATS)
    colours = [{"color": colour, "value": value} for colour, value in steps]
    limits = {"mode": "absolute", "steps": colours}
    return {
        "type": "stat",
        "title": title,
        "datasource": SOURCE,
        "gridPos": {"x": number * width, "y": 0, "w": width, "h": 4},
        "targets": _targets([(query, "")]),
        "fieldConfig": {"defaults": {"unit": unit, "thresholds": limits}, "overrides": []},
        "options": {"reduceOptions": {"calcs": ["lastNotNull"]}, "colorMode": "background"},
    }


def _graph(number: int, title: str, unit: str, targets: list[Target]) -> dict[str, Any]:
    row, column = divmod(number, 2)
    return {
        "type": "timeseries",
        "title": title,
        "datasource": SOURCE,
        "gridPos": {"x": column * WIDE // 2, "y": 4 + row * 8, "w": WIDE // 2, "h": 8},
        "targets": _targets(targets),
        "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []},
        "options": {"legend": {"displayMode": "list", "placement": "bottom"}},
    }


def _targets(queries: list[Target]) -> list[dict[str, Any]]:
    return [
        {"refId": chr(65 + number), "expr": query, "legendFormat": legend, "datasource": SOURCE}
        for number, (query, legend) in enumerate(queries)
    ]


def written() -> str:
    """The dashboard as it stands in its file."""
    return json.dumps(dashboard(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    TARGET.write_text(written(), "utf-8")
