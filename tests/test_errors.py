from __future__ import annotations

import pickle

from nichiiki_ld.errors import GraphError, StaleDecision


def test_an_error_comes_whole_out_of_a_worker() -> None:
    for error in (
        StaleDecision("decisions.csv:3", quoted="甲", printed="乙"),
        GraphError(
            "is no Turtle", where="x.ttl:1", hint="mend it", reference="https://www.w3.org/TR/turtle/"
        ),
    ):
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is type(error)
        assert str(again) == str(error)
        assert (again.hint, again.reference) == (error.hint, error.reference)


def test_says_where_first() -> None:
    assert str(GraphError("is no Turtle", where="x.ttl:1")) == "x.ttl:1: is no Turtle"
    assert str(GraphError("is no Turtle")) == "is no Turtle"
