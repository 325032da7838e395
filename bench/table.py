"""How a result is printed: a line as soon as it is known."""

from collections.abc import Sequence
from statistics import median

from bench.load import Load

WIDTH = 56


def print_head(words: str) -> None:
    print(f"\n{words}")


def print_rates(what: str, least: float, rounds: Sequence[tuple[Load, Load]]) -> None:
    """Answers a second of ours beside the other's, and how late they came."""
    late, worst = (max(pair[0].within(part) for pair in rounds) for part in (0.99, 1.0))
    print_ratio(what, least, [(ours.rate, other.rate) for ours, other in rounds], f"  p99 {late:.0f} ms, worst {worst:.0f} ms")


def print_ratio(what: str, least: float, rounds: Sequence[tuple[float, float]], more: str = "") -> None:
    """How much a second of ours beside the other's, the middle of the rounds; `least` is the ratio that is asked for."""
    ratios = sorted(ours / other for ours, other in rounds)
    ours, other = (median(pair[side] for pair in rounds) for side in (0, 1))
    ratio = f"{median(ratios):5.2f}  ({ratios[0]:.2f}–{ratios[-1]:.2f}; at least {least})"
    print(f"  {what:<{WIDTH}} {ours:7.0f} : {other:5.0f} = {ratio}{more}", flush=True)


def print_value(what: str, value: float, unit: str, more: str = "") -> None:
    print(f"  {what:<{WIDTH}} {value:8.1f} {unit}" + (f"  ({more})" if more else ""), flush=True)
