"""A run that takes what earlier runs kept gives what a cold one gives: whatever was edited, in whatever order."""

from __future__ import annotations

import datetime
import functools
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.analysis.coverage import coverage_relations
from screening.analysis.rundata import open_run
from screening.engine import standing
from screening.engine.export import export
from screening.engine.inputs import Inputs
from screening.engine.kept import Kept
from screening.engine.pipeline import screen
from screening.engine.session import session
from screening.engine.steps import points_step
from screening.result.contract import RELATIONS
from screening.store import FILE, OFF, VARIABLE, Store
from tests.engine.laboratory import criterion, half, pack, parsed

if TYPE_CHECKING:
    from screening.analysis.rundata import RunData
    from screening.rulebook.scope import ParsedPack

AS_OF = datetime.date(2026, 6, 30)
EVENTS = {
    "label": "事件",
    "grain": "一行一项",
    "key": ["company_id", "kind"],
    "parent": "companies",
    "columns": {"company_id": {"type": "code"}, "kind": {"type": "text"}, "observed_on": {"type": "date"}},
}
TEXTS = [
    "研发、生产:量子通信设备",
    "销售:日用百货",
    "脑机接口研发",
    "咨询服务",
    "研发脑机\n接口、ＡＩ芯片",
    "生产量子通信测试服",
    "研发量子、通信",
]
WORDS: list[dict[str, Any]] = [
    {"strong": ["量子通信"]},
    {"strong": ["脑机接口"]},
    {"strong": ["日用百货"]},
    {"strong": ["量子通信|量子密钥"], "masks": ["量子通信测试服"]},
    {"strong": ["量子通信"], "abbreviations": ["AI"], "needs": {"AI": ["芯片"]}},
    {"strong": ["量子通信"], "abbreviations": ["AI"], "needs": {"AI": ["模型"]}},
    {"related": ["量子通信", "脑机接口"]},
    {"strong": ["量子"], "weak": ["通信"], "boilerplate": ["咨询服务"]},
    {"strong": ["量子通信"], "industries": ["39"]},
]
"""What a lexicon may say of one direction: words that come, go, are masked, mean something else; the last edits no word alone."""

APPLICATIONS = [["设备"], ["芯片", "设备"]]
"""Words of application that make a company one of a combination."""

CLASSIFICATION = {
    "fields": {"business_scope": 1.0, "name": 0.5},
    "kinds": {
        "strong": 1.0,
        "abbreviation": 1.0,
        "related": 0.75,
        "scope": 0.5,
        "weak": 0.4,
        "boilerplate": 0,
        "named": 0.5,
    },
    "activities": {
        "make": {"words": ["研发", "生产"], "weight": 1.0},
        "trade": {"words": ["销售"], "weight": 0.2},
        "unstated": {"weight": 0.8},
    },
}

State = dict[str, Any]
START: State = {
    "most": 50,
    "points": 60,
    "weight": 1.0,
    "half": 1.0,
    "word": 0,
    "domains": False,
    "applied": 0,
    "staff": [10, 40, 90],
    "texts": [0, 1, 2],
    "events": [0, 1],
    "absence": "zero",
    "searched": 0,
    "month": 6,
}
EDITS = st.one_of(
    st.tuples(st.just("most"), st.integers(20, 95)),
    st.tuples(st.just("points"), st.integers(10, 100)),
    st.tuples(st.just("weight"), st.sampled_from([1.0, 2.0])),
    st.tuples(st.just("half"), st.sampled_from([1.0, 0.5, 0.25])),
    st.tuples(st.just("word"), st.integers(0, len(WORDS) - 1)),
    st.tuples(st.just("domains"), st.booleans()),
    st.tuples(st.just("applied"), st.integers(0, len(APPLICATIONS) - 1)),
    st.tuples(st.just("staff"), st.lists(st.integers(0, 99), min_size=1, max_size=4)),
    st.tuples(st.just("texts"), st.lists(st.integers(0, len(TEXTS) - 1), min_size=1, max_size=6)),
    st.tuples(st.just("events"), st.lists(st.integers(0, 3), max_size=3, unique=True)),
    st.tuples(st.just("absence"), st.sampled_from(["zero", "unknown"])),
    st.tuples(st.just("searched"), st.integers(0, 2)),
    st.tuples(st.just("month"), st.integers(3, 6)),
)


def world(state: State) -> dict[str, Any]:
    more: dict[str, Any] = {}
    if state["domains"]:
        more = {
            "domains": {
                "二(一)": {
                    "label": "领域",
                    "set_by": "fund",
                    "directions": {"二(一)1": {"label": "方向", "set_by": "fund"}},
                }
            },
            "lexicon": {
                "二(一)1": WORDS[state["word"]],
                "二(一)": {"related": ["日用百货"], "nearest": {"二(一)1": []}},
            },
            "classification": CLASSIFICATION,
            "combos": {
                "both": {
                    "label": "组合",
                    "set_by": "fund",
                    "directions": ["二(一)1"],
                    "applications": APPLICATIONS[state["applied"]],
                }
            },
        }
    return pack(
        columns={
            "staff": {"type": "integer"},
            "business_scope": {"type": "text"},
            "products": {"type": "text"},
            "description": {"type": "text"},
            "industry_name": {"type": "text"},
            "industry_code": {"type": "code"},
        },
        tables={"events": EVENTS},
        facts={
            "staff_now": {"label": "人", "type": "integer", "range": [0, 100], "expr": "staff"},
            "sued": {
                "label": "诉讼",
                "type": "boolean",
                "from": "events",
                "take": "any",
                "where": "kind = 'suit'",
                "valid_for": "2个月",
            },
        },
        gates={
            "too_many": {
                "label": "过大",
                "set_by": "fund",
                "fails_when": f"staff_now > {state['most']} or sued",
                "effect": "reject",
                "on_unknown": "review",
                "message": "不通过",
            }
        },
        criteria=half(
            {
                "size": criterion(
                    {"of": "staff_now", "at_least": 30, "points": state["points"]}, weight=state["weight"]
                ),
                "calm": criterion({"when": "not sued", "points": 40}),
            }
        ),
        verdict={
            "label": "结论",
            "set_by": "fund",
            "weights": {"merit": state["half"]},
            "shortlist_when": "score >= 30",
        },
        **more,
    )


def prepared(state: State, work: Path) -> tuple[ParsedPack, Inputs, dict[str, Path]]:
    """Write the tables of a state into `work`; return its pack, what its data offer, and the tables."""
    as_of = AS_OF.replace(month=state["month"])
    ready = parsed(world(state), as_of)
    count = max(len(state["staff"]), len(state["texts"]))
    companies = pl.DataFrame(
        {
            "company_id": [f"c{n}" for n in range(count)],
            "name": [f"虚构{n}有限公司" for n in range(count)],
            "entity_kind": ["company"] * count,
            "staff": [dict(enumerate(state["staff"])).get(n) for n in range(count)],
            "business_scope": [
                TEXTS[t] if (t := dict(enumerate(state["texts"])).get(n)) is not None else None for n in range(count)
            ],
        },
        schema_overrides={"staff": pl.Int64, "business_scope": pl.String},
    )
    events = pl.DataFrame(
        {
            "company_id": [f"c{n}" for n in state["events"]],
            "kind": ["suit" if n % 2 else "other" for n in state["events"]],
        },
        schema={"company_id": pl.String, "kind": pl.String},
    )
    tables = {"companies": work / "companies.parquet", "events": work / "events.parquet"}
    companies.write_parquet(tables["companies"])
    events.write_parquet(tables["events"])
    searched = {"events": as_of - datetime.timedelta(days=40 * state["searched"])}
    offered = {"companies": frozenset(companies.columns), "events": frozenset(events.columns)}
    inputs = Inputs(as_of, offered, {"events": state["absence"]}, searched)
    return ready, inputs, tables


def run(state: State, store: Store, work: Path) -> tuple[dict[str, list[Any]], Kept]:
    """Return the relations of a run by name, and what it took from earlier ones."""
    ready, inputs, tables = prepared(state, work)
    kept = Kept(store, work / "result", work / "aside")
    with session(work, threads=1, memory_limit="500MB", small=True) as running:
        screen(running, ready, inputs, tables, kept=kept)
        export(running, work / "result")
        kept.keep(running)
    (work / "tables").mkdir()
    for path in tables.values():
        path.rename(work / "tables" / path.name)
    with (
        mock.patch.dict(os.environ, {VARIABLE: str(store.folder or OFF)}),
        open_run(work, ready.loaded, {"as_of": inputs.as_of.isoformat()}) as data,
    ):
        told = [data.told_once(points_step(ready, ["size", "calm"], {})).rows(), *answers(data)]
    relations = {str(n): rows for n, rows in enumerate(told)} | {
        r.name: [
            pl.read_parquet_schema(work / "result" / f"{r.name}.parquet"),
            pl.read_parquet(work / "result" / f"{r.name}.parquet").rows(),
        ]
        for r in RELATIONS
        if r.name != "program"
    }
    return relations, kept


def answers(data: RunData) -> list[list[Any]]:
    """Return the answers that are kept."""
    return [frame.rows() for name, frame in coverage_relations(data) if name == "plan_combos"]


def both(state: State, store: Store) -> set[str]:
    """Hold a run that may take from the store against a cold one; return the relations that it took."""
    return held(state, store).taken


def held(state: State, store: Store) -> Kept:
    with tempfile.TemporaryDirectory() as warm:
        found, kept = run(state, store, Path(warm))
    assert found == cold(json.dumps(state))
    return kept


@functools.cache
def cold(state: str) -> dict[str, list[Any]]:
    """Return what a run that takes nothing gives for a state, written as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        relations, kept = run(json.loads(state), Store(None), Path(folder))
    assert not kept.taken
    return relations


Begun = Callable[[State], Store]


@pytest.fixture(scope="module")
def begun_stores() -> dict[str, Path]:
    """What the first run of a state keeps, by the state."""
    return {}


@pytest.fixture
def begun(begun_stores: dict[str, Path], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Begun:
    """Return a store of its own in which a run of a state has kept what it made."""

    def after(state: State) -> Store:
        key = json.dumps(state)
        if key not in begun_stores:
            begun_stores[key] = tmp_path_factory.mktemp("begun")
            held(state, Store(begun_stores[key]))
        shutil.copytree(begun_stores[key], tmp_path, dirs_exist_ok=True)
        return Store(tmp_path)

    return after


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(EDITS, min_size=2, max_size=5))
def test_any_walk_of_edits_gives_what_cold_runs_give(tmp_path: Path, edits: list[tuple[str, Any]]) -> None:
    store, state = Store(tmp_path / "store"), dict(START)
    both(state, store)
    for name, value in edits:
        state[name] = value
        both(state, store)


def test_nothing_changed_nothing_is_worked_out(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert both(START, store) == set()
    assert both(START, store) >= {"facts", "stage", "place", "gates", "criteria", "verdict", "ranking", "rules"}


@pytest.mark.parametrize(
    ("edit", "anew", "taken"),
    [
        (
            {"half": 0.5},
            {"criteria", "verdict", "ranking"},
            {"facts", "stage", "gates", "contributions", "rules", "measures"},
        ),
        ({"weight": 2.0}, {"contributions", "criteria", "verdict", "ranking"}, {"facts", "stage", "gates", "place"}),
        ({"most": 20}, {"gates", "verdict", "ranking"}, {"facts", "stage", "criteria", "measures"}),
        ({"staff": [1, 2, 3]}, {"facts", "criteria", "gates", "ranking"}, set()),
        ({"searched": 2}, {"facts", "gates"}, {"place"}),
    ],
    ids=["the weight of a half", "a weight", "a gate", "the data", "the day of a search"],
)
def test_only_what_rests_on_the_edit_is_worked_out(begun: Begun, edit: State, anew: set[str], taken: set[str]) -> None:
    found = both({**START, **edit}, begun(START))
    assert not found & anew
    assert taken <= found


def test_an_edited_word_works_out_the_classes_again(tmp_path: Path) -> None:
    store, state = Store(tmp_path), {**START, "domains": True}
    both(state, store)
    assert both(state, store) >= {"profile", "classification", "spans", "facts"}
    assert not both({**state, "word": 1}, store) & {"profile", "classification", "facts"}


EVERY = {**START, "domains": True, "texts": list(range(len(TEXTS))), "staff": [30] * len(TEXTS)}


@pytest.mark.parametrize(
    ("before", "after", "touched"),
    [
        (0, 1, None),  # four of seven: reading all is cheaper than telling them apart
        (0, 3, {"c0", "c5"}),
        (4, 5, {"c4"}),
        (0, 4, {"c4"}),
        (1, 2, {"c1", "c2", "c4"}),
        (0, 8, None),
    ],
    ids=[
        "many",
        "a mask",
        "what a word needs",
        "an abbreviation",
        "another word, also across a line",
        "no edit of words alone",
    ],
)
def test_only_companies_whose_texts_hold_an_edited_word_are_classified_again(
    begun: Begun, before: int, after: int, touched: set[str] | None
) -> None:
    found = held({**EVERY, "word": after}, begun({**EVERY, "word": before})).touched
    assert (None if found is None else set(found)) == touched


@pytest.mark.parametrize(
    ("edit", "touched"),
    [
        ({"texts": [0, 1, 2, 3, 4, 5, 1]}, {"c6"}),
        ({"staff": [30, 31, 30, 30, 30, 30, 30]}, set()),
        ({"staff": [30] * 6, "texts": list(range(6))}, {"c6"}),
        ({"staff": [30] * 8, "texts": [*range(7), 0]}, {"c7"}),
        ({"texts": [0, 0, 0, 0, 0, 0, 6]}, None),
        ({"events": [0]}, set()),
        ({"texts": [0, 1, 2, 3, 4, 5, 1], "word": 1}, None),
    ],
    ids=["a text", "a number", "one less", "one more", "most of them", "another table", "a text and a word"],
)
def test_only_companies_whose_rows_are_others_are_classified_again(
    begun: Begun, edit: State, touched: set[str] | None
) -> None:
    kept = held({**EVERY, **edit}, begun(EVERY))
    found = kept.touched
    assert (None if found is None else set(found)) == (touched or None)
    assert touched != set() or "profile" in kept.taken


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(st.integers(0, len(WORDS) - 1), min_size=2, max_size=4),
    texts=st.lists(st.integers(0, len(TEXTS) - 1), min_size=3, max_size=8),
)
def test_any_edits_of_words_classify_as_cold_runs_do(tmp_path: Path, words: list[int], texts: list[int]) -> None:
    store = Store(tmp_path / "store")
    for word in words:
        held({**START, "domains": True, "texts": texts, "word": word}, store)


def test_what_a_watched_state_took_is_not_written_over_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both were kept by runs: the first is still read, to tell what moved, when the second is taken."""
    store = Store(tmp_path / "store")
    states = [{**EVERY, "word": word} for word in (0, 3)]
    for state in states:
        held(state, store)
    monkeypatch.setattr(standing, "store", lambda: store)
    work = tmp_path / "watched"
    work.mkdir()
    with ExitStack() as both_open:
        told = []
        for state in states:
            running = both_open.enter_context(session(work, threads=1, memory_limit="500MB", small=True))
            told.append(standing.Standing(running, *prepared(state, work)))
        found = [each.rows("ranking", ["c0", "c5"]).sort("company_id")["fit_grade"].to_list() for each in told]
    assert all("ranking" in each.views for each in told)
    assert found == [["core", "core"], ["core", "none"]]


@pytest.mark.parametrize("damage", ["cut", "other", "gone"])
def test_a_damaged_relation_is_worked_out_again(begun: Begun, tmp_path: Path, damage: str) -> None:
    store = begun(START)
    for path in tmp_path.rglob(f"{FILE}/*"):
        content = path.read_bytes()
        if damage == "gone":
            path.unlink()
        else:
            path.write_bytes(content[:-5] if damage == "cut" else content[:-1] + b"?")
    assert both(START, store) == set()
    assert both(START, store) >= {"facts", "ranking"}


def test_what_is_kept_of_relations_reads_no_relation_that_it_does_not_name(tmp_path: Path) -> None:
    state = {**START, "domains": True}
    ready, inputs, _ = prepared(state, tmp_path)
    run(state, Store(None), tmp_path)
    with open_run(tmp_path, ready.loaded, {"as_of": inputs.as_of.isoformat()}) as data:
        assert data.once("counts", ["ranking"], ["domains"], lambda seen: seen.frame("outcome_counts")).height
        with pytest.raises(AssertionError, match="ranking"):
            data.once("others", ["profile"], ["domains"], lambda seen: seen.frame("outcome_counts"))
        assert not data.once(
            "words", [], ["domains"], lambda seen: pl.DataFrame({"word": list(seen.pack.lexicon)}, {"word": pl.String})
        ).height
