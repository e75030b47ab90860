"""What validation found, for a person, for a program, and as RDF.

A report conforms when it has no result at all, of whatever severity; that is the
specification's word. A release is stopped by violations alone, so a release may carry a
report that does not conform because of its warnings.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from itertools import groupby

from pyoxigraph import Literal

from nichiiki_ld.namespaces import SH, WELL_KNOWN
from nichiiki_ld.shapes import Result

REPORT = "validation-report"

_SEVERITIES = {f"{SH}{name}": number for number, name in enumerate(("Violation", "Warning", "Info"))}
_WORDS = {
    "en": {
        "Violation": "violation",
        "Warning": "warning",
        "Info": "note",
        "none": "Conforms: nothing was found.",
    },
    "ja": {"Violation": "違反", "Warning": "警告", "Info": "情報", "none": "適合: 指摘はありません。"},
}


def violations(results: Iterable[Result]) -> list[Result]:
    """Return the results that stop a release."""
    return [result for result in results if result.violates]


def report_text(results: Sequence[Result], *, base: str, language: str = "en") -> str:
    """Return a report for a terminal: grouped by what was checked, violations first; every result is there.

    Args:
        results: What validation found.
        base: IRIs below it are written without it.
        language: `en` or `ja`.
    """
    words = _WORDS[language]
    if not results:
        return words["none"] + "\n"
    lines = []
    ordered = sorted(results, key=lambda each: (_SEVERITIES.get(each.severity, 9), each.check, each))
    for (severity, check), group in groupby(ordered, key=lambda each: (each.severity, each.check)):
        found = list(group)
        word = words.get(severity.removeprefix(SH), severity)
        lines.append(f"{word}: {check.rpartition('#')[2]} ({len(found)})")
        texts = {result.message(language) for result in found}
        shared = len(texts) == 1
        if shared:
            lines.append(f"  {texts.pop()}")
        for result in found:
            about = [_compact(result.focus, base)]
            if result.path:
                about.append(_compact(result.path, base))
            if result.value not in ("", result.focus, f"<{result.focus}>"):
                about.append(_compact_term(result.value, base))
            lines.append(f"  - {'  '.join(about)}")
            if not shared:
                lines.append(f"      {result.message(language)}")
        lines.append("")
    lines.append(_summary(results, language))
    return "\n".join(lines) + "\n"


def report_json(results: Sequence[Result]) -> str:
    """Return a report as JSON: `conforms`, the number of violations and warnings, and `results` with full IRIs.

    A `value` is an N-Triples term.
    """
    content = {
        "conforms": not results,
        "violations": len(violations(results)),
        "warnings": sum(result.severity == f"{SH}Warning" for result in results),
        "results": [
            {
                "focus": result.focus,
                "path": result.path or None,
                "value": result.value or None,
                "shape": result.shape,
                "constraint": result.constraint or None,
                "component": result.component,
                "severity": result.severity,
                "messages": dict(result.messages),
            }
            for result in results
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def report_turtle(results: Sequence[Result], base: str) -> bytes:
    """Return a SHACL validation report as Turtle without blank nodes: the same results, the same bytes.

    A result is named after its content, so two reports can be compared line by line. A
    blank node of the data is given a name below the base (RDF 1.1 Concepts, section 3.5).

    Args:
        results: What validation found, in any order.
        base: The report is `<base>validation-report`.

    Source:
        SHACL, section 3.6.
    """
    named = sorted((f"{base}{REPORT}#{_digest(result)}", result) for result in results)
    lines = [f"@prefix sh: <{SH}> .", ""]
    lines += [f"<{base}{REPORT}> a sh:ValidationReport ;"]
    if not named:
        lines += ["    sh:conforms true ."]
    else:
        listed = " ,\n        ".join(f"<{name}>" for name, _ in named)
        lines += ["    sh:conforms false ;", f"    sh:result {listed} ."]
    for name, result in named:
        statements = [
            ("focusNode", _iri(result.focus, base)),
            ("resultPath", _iri(result.path, base)),
            ("value", _iri(result.value, base) if result.value.startswith("_:") else result.value),
            ("resultSeverity", _iri(result.severity, base)),
            ("sourceShape", _iri(result.shape, base)),
            ("sourceConstraint", _iri(result.constraint, base)),
            ("sourceConstraintComponent", _iri(result.component, base)),
        ]
        statements += [
            ("resultMessage", str(Literal(text, language=language) if language else Literal(text)))
            for language, text in result.messages
        ]
        said = " ;\n".join(f"    sh:{key} {value}" for key, value in statements if value)
        lines += ["", f"<{name}> a sh:ValidationResult ;", f"{said} ."]
    return ("\n".join(lines) + "\n").encode()


def _digest(result: Result) -> str:
    parts = (result.focus, result.path, result.value, result.shape, result.constraint, result.component)
    content = json.dumps([*parts, result.messages], ensure_ascii=False)
    return f"result-{hashlib.sha256(content.encode()).hexdigest()[:16]}"


def _iri(name: str, base: str) -> str:
    if name.startswith("_:"):
        name = f"{base}.well-known/genid/{name.removeprefix('_:')}"
    return f"<{name}>" if name else ""


def _compact(name: str, base: str) -> str:
    for prefix, namespace in (("nichiiki", f"{base}ontology#"), *WELL_KNOWN.items()):
        if name.startswith(namespace):
            return f"{prefix}:{name.removeprefix(namespace)}"
    return name.removeprefix(base)


def _compact_term(term: str, base: str) -> str:
    """Return an N-Triples term, shortened where it has an IRI."""
    if term.startswith("<"):
        return _compact(term[1:-1], base)
    text, mark, datatype = term.rpartition("^^<")
    return f"{text}^^{_compact(datatype[:-1], base)}" if mark and term.endswith(">") else term


def _summary(results: Sequence[Result], language: str) -> str:
    violating = len(violations(results))
    others = len(results) - violating
    if language == "ja":
        return f"違反 {violating} 件、警告・情報 {others} 件。{'適合しません。' if violating else '公開できます。'}"
    verdict = "does not conform" if violating else "may be published"
    return f"{_count(violating, 'violation')}, {_count(others, 'warning')}: {verdict}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
