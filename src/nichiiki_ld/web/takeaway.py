"""What people take away: the files of a list, its query, and the query in the words of their tools.

Every snippet is complete: it has the query and the address of the endpoint, and codes stay
texts with their zeros in what it reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urljoin

from flask import request

from nichiiki_ld.iri import SPARQL
from nichiiki_ld.web import linking


@dataclass(frozen=True, slots=True)
class Download:
    """A file of a list.

    Attributes:
        label: Name of the format.
        hint: What it is good for.
    """

    label: str
    href: str
    media_type: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A text to paste into a tool, or to run.

    Attributes:
        name: For an anchor.
    """

    tool: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class TakenQuery:
    """A query, for people to take along.

    Attributes:
        href: The page that runs it.
        endpoint: Address that programs send it to.
    """

    text: str
    href: str
    endpoint: str
    snippets: Sequence[Snippet]


def query_to_take(text: str, name: str) -> TakenQuery:
    """Return a query with its snippets, for the server as the client sees it.

    Args:
        text: The query. No name of the data stands in it but in comments, without quotation marks.
        name: Of the file that curl writes.
    """
    endpoint = endpoint_address()
    return TakenQuery(
        text=text,
        href=f"{linking.page(SPARQL)}?query={quote(text, safe='')}",
        endpoint=endpoint,
        snippets=(
            Snippet("curl", "curl", _curl(text, endpoint, name)),
            Snippet("Python (pandas)", "pandas", _pandas(text, endpoint)),
            Snippet("R", "r", _r(text, endpoint)),
            Snippet("Excel (Power Query)", "power-query", _power_query(text, endpoint)),
        ),
    )


def here(path: str) -> str:
    """Return the whole address of a path on this server, as the client sees it."""
    return urljoin(request.host_url, path)


def endpoint_address() -> str:
    """Return the whole address of the endpoint."""
    return here(linking.path(SPARQL))


def _curl(text: str, endpoint: str, name: str) -> str:
    return f"""\
curl --fail --silent --show-error --output {name}.csv \\
  --header 'Accept: text/csv' --data-urlencode 'query@-' \\
  {endpoint} <<'SPARQL'
{text.strip()}
SPARQL
"""


def _pandas(text: str, endpoint: str) -> str:
    return f'''\
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pandas as pd

query = r"""
{text.strip()}
"""
request = Request(
    "{endpoint}",
    data=urlencode({{"query": query}}).encode(),
    headers={{"Accept": "text/csv"}},
)
with urlopen(request) as answer:
    table = pd.read_csv(answer, dtype=str, keep_default_na=False)
print(table)
'''


def _r(text: str, endpoint: str) -> str:
    return f"""\
# install.packages("httr2")
library(httr2)

query <- r"---(
{text.strip()}
)---"
answer <- request("{endpoint}") |>
  req_headers(Accept = "text/csv") |>
  req_body_form(query = query) |>
  req_perform() |>
  resp_body_string(encoding = "UTF-8")
table <- read.csv(text = answer, colClasses = "character", na.strings = "")
print(table)
"""


def _power_query(text: str, endpoint: str) -> str:
    # In a text of M a quotation mark is doubled, and `#(` begins an escape.
    query = text.strip().replace("#(", "#(#)(").replace('"', '""')
    return f"""\
let
    Query = "{query}",
    Answer = Web.Contents("{endpoint}", [
        Content = Text.ToBinary(Uri.BuildQueryString([query = Query])),
        Headers = [Accept = "text/csv", #"Content-Type" = "application/x-www-form-urlencoded"]
    ]),
    Rows = Csv.Document(Answer, [Delimiter = ",", Encoding = TextEncoding.Utf8, QuoteStyle = QuoteStyle.Csv]),
    Result = Table.PromoteHeaders(Rows, [PromoteAllScalars = true])
in
    Result
"""
