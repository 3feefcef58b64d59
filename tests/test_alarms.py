"""Alarms, dashboard and examples of deploy/ name what there is, and lead to somebody."""

import json
import re
from pathlib import Path

import yaml

from gallery.models import StoreName
from gallery.services import measures
from gallery.web.health import figures
from tests.servers.running import DEPLOY, port_of


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
