"""Alarms, dashboard and examples of deploy/ name what there is, and lead to somebody."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from gallery.models import StoreName
from gallery.services import measures
from gallery.web.health import figures
from tests.servers.running import DEPLOY, port_of
from tests.waiting import LONG_PATIENCE

SHOWN = Path(__file__).parents[1] / "data" / "prometheus-rules.test.yml"


def test_the_dashboard_and_the_alarms_name_figures_that_there_are() -> None:
    rules = yaml.safe_load((DEPLOY / "prometheus-rules.yml").read_text(encoding="utf-8"))
    asked = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    board = json.loads((DEPLOY / "grafana-dashboard.json").read_text(encoding="utf-8"))
    asked += [target["expr"] for panel in board["panels"] for target in panel.get("targets", ())]
    source = Path(figures.__file__).read_text(encoding="utf-8")
    known = {each.name for each in measures.OURS.collect()} | set(re.findall(r'"(gallery_\w+)"', source))
    named = {name for expr in asked for name in re.findall(r"gallery_\w+", expr)}
    assert not {name for name in named if re.sub(r"_(total|bucket|sum|count)$", "", name) not in known}
    assert len(asked) > 20


def test_prometheus_asks_where_figures_are_and_alarms_go_to_somebody() -> None:
    asking = yaml.safe_load((DEPLOY / "prometheus.yml").read_text(encoding="utf-8"))
    telling = yaml.safe_load((DEPLOY / "alertmanager.yml").read_text(encoding="utf-8"))
    rules = yaml.safe_load((DEPLOY / "prometheus-rules.yml").read_text(encoding="utf-8"))
    (job,) = asking["scrape_configs"]
    assert job["static_configs"] == [{"targets": [f"127.0.0.1:{port_of('health')}"]}]
    assert [Path(each).name for each in asking["rule_files"]] == ["prometheus-rules.yml"]
    raised = {rule["labels"]["severity"] for group in rules["groups"] for rule in group["rules"]}
    assert raised == {"page", "ticket"}
    assert [each["matchers"] for each in telling["route"]["routes"]] == [['severity="page"']]
    receivers = {each["name"] for each in telling["receivers"]}
    assert receivers == {telling["route"]["receiver"], *(each["receiver"] for each in telling["route"]["routes"])}
    alarms = {rule["alert"] for group in rules["groups"] for rule in group["rules"]}
    matchers = [each for rule in telling["inhibit_rules"] for kind in rule.values() for each in kind]
    named = {name for each in matchers for name in re.findall(r"Gallery\w+", each)}
    assert named <= alarms


def test_an_alarm_of_what_is_missing_is_raised_for_each_of_several() -> None:
    rules = yaml.safe_load((DEPLOY / "prometheus-rules.yml").read_text(encoding="utf-8"))
    asked = {rule["alert"]: rule["expr"] for group in rules["groups"] for rule in group["rules"]}
    assert "up == 0 and on(job, instance)" in asked["GalleryNotWatched"]
    stores = re.findall(r'absent\(gallery_sweep_timestamp_seconds\{store="(\w+)"\}\)', asked["GalleryNeverSwept"])
    assert stores == list(StoreName)


@pytest.mark.skipif(shutil.which("promtool") is None, reason="Debian's prometheus is not installed")
def test_each_alarm_is_raised_by_its_figures_and_none_by_those_of_a_service_in_order() -> None:
    command = ["promtool", "test", "rules", str(SHOWN)]
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LONG_PATIENCE)
    assert told.returncode == 0, told.stdout + told.stderr


def test_no_alarm_is_left_out_of_the_figures_that_raise_it() -> None:
    rules = yaml.safe_load((DEPLOY / "prometheus-rules.yml").read_text(encoding="utf-8"))
    shown = [each for case in yaml.safe_load(SHOWN.read_text("utf-8"))["tests"] for each in case["alert_rule_test"]]
    alarms = {rule["alert"] for group in rules["groups"] for rule in group["rules"]}
    assert {each["alertname"] for each in shown if each.get("exp_alerts")} == alarms
    assert {each["alertname"] for each in shown if not each.get("exp_alerts")} == alarms
