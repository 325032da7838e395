"""How a result is printed: a line as soon as it is known."""

from bench.measuring import Pair

WIDTH = 62


def print_head(words: str) -> None:
    print(f"\n{words}")


def print_pair(what: str, pair: Pair) -> None:
    spread = f"  ({min(pair.ratios):.2f}–{max(pair.ratios):.2f})" if len(pair.ratios) > 1 else ""
    print(f"  {what:<{WIDTH}} {pair.ours:8.2f} : {pair.other:6.2f} = {pair.ratio:5.2f}{spread}", flush=True)


def print_value(what: str, value: float, unit: str, more: str = "") -> None:
    print(f"  {what:<{WIDTH}} {value:8.1f} {unit}" + (f"  ({more})" if more else ""), flush=True)
