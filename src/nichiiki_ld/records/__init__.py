"""A document's settled cells to records: plain JSON documents against `ontology/context.jsonld`.

A record says what the data say, and which printed words it rests on. There is no RDF
here: the context makes it. Every statement that rests on printed words comes with a
`Statement` that names its subject, predicate, object and quotations; what is stated in
place of the document comes with one that is attributed to the publisher of the data.
"""

from __future__ import annotations

from nichiiki_ld.records.lead import call_name, document_records
from nichiiki_ld.records.parts import Record
from nichiiki_ld.records.rows import find_phrase, row_records

__all__ = ["Record", "call_name", "document_records", "find_phrase", "row_records"]
