"""What a bench found, as Markdown: a table for each database, then what was asked beside."""

from collections.abc import Iterator
from typing import Any

HEAD = "| {} | as | a second | ÷ {} | CPU ms | CPU ÷ {} | p50 ms | p95 ms | p99 ms | SQL | kB | from cache |"
RULE = "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"


def markdown(results: dict[str, Any]) -> str:
    """Everything there is so far."""
    return "\n".join(_lines(results)) + "\n"


def _lines(results: dict[str, Any]) -> Iterator[str]:
    for name, shelf in results["shelves"].items():
        if shelf.get("sections"):
            yield from _shelf(name, shelf)
    for kind, sections in results.get("growth", {}).items():
        yield from _growth(kind, sections)
    yield from _extras(results.get("extras", {}))


def _shelf(name: str, shelf: dict[str, Any]) -> Iterator[str]:
    kind, _dash, ideas = name.partition("-")
    seeded = f" (seeded in {shelf['seed_seconds']:.0f} s)" if shelf.get("seed_seconds") else ""
    yield f"\n### {_words(kind)}, {int(ideas):,} ideas{seeded}\n"
    sections = shelf["sections"]
    for floor, group in (
        ("F", [one for one in sections if one != "writes"]),
        ("W", [one for one in sections if one == "writes"]),
    ):
        if not group:
            continue
        yield HEAD.format("reads" if floor == "F" else "writes", floor, floor)
        yield RULE
        for section in group:
            yield from (_row(route, section, figures) for route, figures in sections[section]["routes"].items())
        yield ""
        if floor == "F" and (state := shelf.get("warmed")):
            yield _warmed(state)
        yield from (_beside(floor, section, sections[section]) for section in group)
        yield ""


def _row(route: str, section: str, figures: dict[str, Any]) -> str:
    failed = f" ({figures['failed'] + figures['broken']} failed)" if figures["failed"] + figures["broken"] else ""
    hits = f"{figures['hit_rate']:.0%}" if section == "guest" else ""
    who = "member" if section == "writes" else section
    cells = [
        route,
        who,
        f"{figures['per_second']:,.0f}{failed}",
        f"{figures['ratio']:.3f}",
        f"{figures['cpu_ms']:.2f}",
        f"{figures['cpu_ratio']:.3f}",
        *(f"{figures[share]:.1f}" for share in ("p50", "p95", "p99")),
        str(figures["queries"]),
        f"{figures['bytes'] / 1000:.1f}",
        hits,
    ]
    return f"| {' | '.join(cells)} |"


def _warmed(state: dict[str, Any]) -> str:
    asked = f"{state['asked']:,} of the {state['pages']:,} pages that come up in {state['draws']:,} draws of ideas"
    return f"- guest: measured after {asked} had been asked for once; {state['stored_mb']:,} MB are kept on disk"


def _beside(floor: str, section: str, found: dict[str, Any]) -> str:
    memory = ", ".join(f"{mib:.0f}" for mib in found["pss_mib"])
    bare = f"{floor} {found['floor']:,} a second, {found['floor_cpu_ms']:.2f} ms of computing each"
    own = f"under the platform's own server {found['own floor']:,}"
    return f"- {section}: {bare} ({own}); memory of the workers (PSS) {memory} MiB"


def _growth(kind: str, sections: dict[str, Any]) -> Iterator[str]:
    yield f"\n### {_words(kind)}: of many ideas and of few, asked in turn\n"
    yield "| route | as | few: p50 ms | p95 ms | many: p50 ms | p95 ms | × |"
    yield "|---|---|--:|--:|--:|--:|--:|"
    for section, routes in sections.items():
        for route, one in routes.items():
            few, many = (f"{one[f'p50 {side}']:.1f} | {one[f'p95 {side}']:.1f}" for side in ("few", "many"))
            yield f"| {route} | {section} | {few} | {many} | {one['growth']:.2f} |"
    yield ""


def _extras(extras: dict[str, Any]) -> Iterator[str]:
    if extras:
        yield "\n### Beside\n"
    if slow := extras.get("slow readers"):
        yield (
            f"- {slow['readers']} readers that take {slow['bytes_a_second']} bytes a second: others get "
            f"{slow['with']:.0f} pages a second and wait {slow['p95_with']:.1f} ms (p95), without them "
            f"{slow['without']:.0f} and {slow['p95_without']:.1f} ms."
        )
    if worker := extras.get("further worker"):
        slowest = f"{worker['seconds']:.2f} s after it is started (slowest of {worker['times']})"
        yield f"- A further worker answers {slowest}."
    if long := extras.get("endurance"):
        grown = f"after two minutes {_mib(long['early'])}, at the end {_mib(long['late'])} MiB"
        yield (
            f"- {long['seconds'] / 60:.0f} minutes at full load: {long['requests']:,} requests, "
            f"{long['failed']} failed; memory of the workers {grown} (largest growth {long['growth']:+.1%})."
        )


def _mib(samples: list[float]) -> str:
    return " and ".join(f"{mib:.0f}" for mib in samples)


def _words(kind: str) -> str:
    return {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[kind]
