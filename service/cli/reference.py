"""What `miner align --reference` prints: statement by statement."""

from __future__ import annotations

from miner.alignment.reference import ReferenceAlignment, StatementMatch
from service.cli.output import print_text

_MOST_BEYOND = 10
_STYLES = {"matched": "green", "partly": "yellow", "not found": "red"}


def show_reference(found: ReferenceAlignment) -> None:
    """An alignment to a reference document, for people."""
    low, high = found.interval
    print_text(f"against {found.title or found.reference}", "bold")
    print_text(
        f"{found.score:.2f} [{low:.2f}, {high:.2f}]; of {len(found.statements)} statements "
        f"{found.matched} matched, {found.partly} partly, {found.not_found} not found"
    )
    for caution in found.cautions:
        print_text(f"caution: {caution}", "yellow")
    for match in found.statements:
        _show(match)
    if found.beyond:
        print_text(f"\nbeyond it: {found.beyond_total} statements, the firmest first", "bold")
    for extra in found.beyond[:_MOST_BEYOND]:
        said = extra.statement
        print_text(f"  p. {said.page} [{said.commitment.value:.2f}] {one_line(said.text)}")


def _show(match: StatementMatch) -> None:
    said = match.statement
    print_text(f"\n  {said.number}. {one_line(said.text)} (p. {said.page})")
    print_text(
        f"     {match.verdict}: says part of it {match.partly:.2f}, all of it {match.whole:.2f}",
        _STYLES[match.verdict],
    )
    for item in (match.evidence or match.nearest)[:2]:
        mark = "" if match.evidence else "nearest, "
        print_text(f"     {mark}p. {item.page} [{item.partly:.2f}] “{one_line(item.quote)}”")


def one_line(text: str, most: int = 200) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else f"{flat[: most - 1]}…"
