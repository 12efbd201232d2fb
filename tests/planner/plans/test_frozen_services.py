"""The service plan that version 1 wrote is still read, and is the same plan."""

from pathlib import Path

from planner.plans import network_from_json, service_from_json, service_to_json

FROZEN = Path(__file__).with_name("frozen")


def test_a_service_plan_of_version_1_is_read_and_keeps_its_id() -> None:
    network = network_from_json((FROZEN / "network-3.json").read_text(encoding="utf-8"))
    text = (FROZEN / "services" / "service-1.json").read_text(encoding="utf-8")
    plan = service_from_json(text, network)
    assert service_to_json(plan) == text
    assert plan.id == "line-service-2026-3531f6c2fb29"
