"""How old the counts are that a thousand watchers see, while people vote half as fast as the machine can take it."""

import json
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from multiprocessing import get_context
from typing import Any

from bench.arranging import BOARD, OneWorker, idea_ids, token_of, voters
from bench.load import load, request
from bench.measuring import Knock
from bench.storms import Crowd, room_for
from bench.table import print_value

WATCHERS = 1000
SAMPLE = 25  # of them, evenly among the others
IDEAS = 10
SUSTAINED = 3.0  # seconds in which the vote rate is found
SPAN = 6.0  # seconds of votes at half of it
AFTER = 1.5  # seconds in which the last ones are heard

Vote = tuple[int, int, float]  # idea, version of its tally, and when the answer came


def ages(site: OneWorker) -> None:
    """From a vote's answer to the count that holds it, at each watcher of the sample."""
    with ExitStack() as ends:
        try:
            ends.enter_context(room_for(WATCHERS))
        except RuntimeError as error:
            print(f"  age of tallies: not measured, {error}")
            return
        ideas, tokens = idea_ids(site, IDEAS), [token_of(site, person) for person in voters(site)]
        found = load(site.port, [[_vote(site.port, idea, token, stance) for stance in ("agree", "disagree") for idea in ideas] for token in tokens], SUSTAINED)
        crowd = Crowd(site.port, "420" + json.dumps(["watch", {"board": BOARD}]))
        ends.callback(crowd.close)
        crowd.grow(WATCHERS)
        crowd.sample(SAMPLE)
        # In a process of their own, as this one is busy listening.
        pool = ends.enter_context(get_context("fork").Pool(1))
        voting = pool.apply_async(_vote_at, (found.rate / 2, site.port, ideas, tokens))
        crowd.listen(SPAN + AFTER)
        given: list[Vote] = voting.get()
        spans = sorted(span for chunks in crowd.sampled.values() for span in _spans(given, chunks))
        wanted = len(given) * SAMPLE
        rate = f"{len(given) / SPAN:.0f} votes a second, half of {found.rate:.0f}; at most 500"
        print_value(f"age of tallies, {WATCHERS} watchers: p95", spans[int(0.95 * len(spans))] * 1000, "ms", f"{rate}; nobody dropped")
        if len(spans) < wanted:
            print(f"  {wanted - len(spans)} of {wanted} counts were never heard")


def _vote(port: int, idea: int, token: str, stance: str) -> bytes:
    return request(port, "PUT", f"/api/v1/ideas/{idea}/vote", {"Authorization": f"Bearer {token}"}, json.dumps({"stance": stance}))


def _vote_at(rate: float, port: int, ideas: Sequence[int], tokens: Sequence[str]) -> list[Vote]:
    """Evenly, each person in turn with the others."""
    began = time.perf_counter()

    def person(place: int) -> list[Vote]:
        given: list[Vote] = []
        with closing(Knock(port, {"Content-Type": "application/json", "Authorization": f"Bearer {tokens[place]}"})) as knock:
            turn = place
            while (due := turn / rate) < SPAN:
                time.sleep(max(0.0, began + due - time.perf_counter()))
                idea, stance = ideas[turn % len(ideas)], ("agree", "disagree", "pass")[turn // (len(ideas) * len(tokens)) % 3]
                answer = json.loads(knock.ask("PUT", f"/api/v1/ideas/{idea}/vote", json.dumps({"stance": stance})))
                given.append((idea, answer["version"], time.perf_counter()))
                turn += len(tokens)
        return given

    with ThreadPoolExecutor(len(tokens)) as pool:
        return [vote for some in pool.map(person, range(len(tokens))) for vote in some]


def _spans(given: Sequence[Vote], chunks: Sequence[tuple[float, bytes]]) -> Iterator[float]:
    """Seconds until one watcher heard of each vote; one that it heard of before the voter did is nothing old."""
    heard: dict[int, list[tuple[int, float]]] = {}
    for moment, text in _texts(chunks):
        if text.startswith(b'42["tally"'):
            tallies: list[dict[str, Any]] = json.loads(text[2:])[1]["tallies"]
            for tally in tallies:
                heard.setdefault(tally["idea"], []).append((tally["version"], moment))
    for idea, version, answered in given:
        later = [moment for number, moment in heard.get(idea, []) if number >= version]
        if later:
            yield max(0.0, later[0] - answered)


def _texts(chunks: Sequence[tuple[float, bytes]]) -> Iterator[tuple[float, bytes]]:
    """The frames that came, each with the moment in which it was whole."""
    read = b""
    for moment, got in chunks:
        read += got
        while len(read) >= 2:
            length, begins = read[1], 2
            if length >= 126:
                begins = 4 if length == 126 else 10
                length = int.from_bytes(read[2:begins])
            if len(read) < begins + length:
                break
            yield moment, read[begins : begins + length]
            read = read[begins + length :]
