"""Queries that are made to end whatever reads or evaluates them, or to reach beyond it.

Each has a name, which says what is done; the tests say what has to become of it.
"""

from __future__ import annotations

DEEP = 50_000
WIDE = 5_000

ANY = "?a{0} ?b{0} ?c{0} . "


def around(before: str, inner: str, after: str, count: int = DEEP) -> str:
    return before * count + inner + after * count


DEEP_TEXTS = {
    "brackets": f"ASK {{ FILTER {around('(', '1', ')')} }}",
    "brackets without end": f"ASK {{ FILTER {'(' * DEEP}",
    "brackets in ORDER BY": f"SELECT * {{}} ORDER BY {around('(', '1', ')')}",
    "brackets in SELECT": f"SELECT ({around('(', '1', ')')} AS ?x) {{}}",
    "groups": f"ASK {around('{', '', '}')}",
    "groups without end": f"ASK {'{' * DEEP}",
    "groups that only end": f"ASK {{ {'}' * DEEP}",
    "collections": f"ASK {{ ?s ?p {around('(', '1', ')')} }}",
    "collections as subjects": f"ASK {{ {around('(', '1', ')')} ?p ?o }}",
    "blank nodes": f"ASK {{ ?s ?p {around('[ ?p ', '1', ' ]')} }}",
    "blank nodes without end": f"ASK {{ ?s ?p {'[ ?p ' * DEEP}",
    "collections in blank nodes": f"ASK {{ ?s ?p {around('([ ?p ', '1', ' ])', DEEP // 2)} }}",
    "negations": f"ASK {{ FILTER ({'!' * DEEP}1) }}",
    "negations with spaces": f"ASK {{ FILTER ({'! ' * DEEP}1) }}",
    "signs": f"ASK {{ FILTER ({'- ' * DEEP}?x) }}",
    "functions": f"ASK {{ FILTER {around('ABS(', '1', ')')} }}",
    "functions with an IRI for a name": f"ASK {{ FILTER {around('<x:f>(', '1', ')')} }}",
    "conditions": f"ASK {{ FILTER {around('IF(1,1,', '1', ')')} }}",
    "lists after IN": f"ASK {{ FILTER ({around('1 IN (', '1', ')')}) }}",
    "or": f"ASK {{ FILTER ({'1||' * DEEP}1) }}",
    "or, variables": f"ASK {{ FILTER ({'?x||' * DEEP}?x) }}",
    "and": f"ASK {{ FILTER ({'1&&' * DEEP}1) }}",
    "sums": f"ASK {{ FILTER ({'1+' * DEEP}1) }}",
    "sums of signed numbers": f"ASK {{ FILTER (1{'+1' * DEEP}) }}",
    "differences": f"ASK {{ FILTER ({'?x - ' * DEEP}?x) }}",
    "differences without spaces": f"ASK {{ FILTER ({'?x-' * DEEP}?x) }}",
    "products": f"ASK {{ FILTER ({'1*' * DEEP}1) }}",
    "quotients": f"ASK {{ FILTER ({'1/' * DEEP}1) }}",
    "sequences of a path": f"ASK {{ ?s {'<x:p>/' * DEEP}<x:p> ?o }}",
    "alternatives of a path": f"ASK {{ ?s {'<x:p>|' * DEEP}<x:p> ?o }}",
    "negated alternatives of a path": f"ASK {{ ?s !({'<x:p>|' * DEEP}<x:p>) ?o }}",
    "brackets of a path": f"ASK {{ ?s {around('(', '<x:p>', ')')} ?o }}",
    "inverses of a path": f"ASK {{ ?s {around('^(', '<x:p>', ')')} ?o }}",
    "closures of a path": f"ASK {{ ?s {around('(', '<x:p>', ')*')} ?o }}",
    "EXISTS": f"ASK {{ {around('FILTER EXISTS {', '', '}')} }}",
    "NOT EXISTS": f"ASK {{ {around('FILTER NOT EXISTS{', '', '}')} }}",
    "EXISTS in brackets": f"ASK {{ {around('FILTER(EXISTS{', '', '})')} }}",
    "OPTIONAL": f"ASK {{ {around('OPTIONAL {', '', '}')} }}",
    "MINUS": f"ASK {{ {around('MINUS {', '', '}')} }}",
    "GRAPH": f"ASK {{ {around('GRAPH ?g {', '', '}')} }}",
    "sub-selects": f"ASK {{ {around('{SELECT * {', '', '}}')} }}",
    "triple terms": f"ASK {{ ?s ?p {around('<<( ?s ?p ', '1', ' )>>')} }}",
    "reified triples": f"ASK {{ {around('<< ', '?s', ' ?p ?o >>')} ?p ?o }}",
    "annotations": f"ASK {{ ?s ?p ?o {around('{| ?p ?o ', '', ' |}')} }}",
    "brackets behind a string that has no end": f"ASK {{ VALUES ?x {{'''a'}} FILTER {around('(', '1', ')')} }}",
    "brackets behind an IRI with an odd sign": f"ASK {{ BIND(<x:'> AS ?x) FILTER {around('(', '1', ')')} }}",
    "brackets behind a comparison": f"ASK {{ FILTER(1<2) #>\n FILTER {around('(', '1', ')')} }}",
    "5,000 UNIONs": f"ASK {{ {'{} UNION ' * WIDE}{{}} }}",
    "5,000 UNIONs without spaces": f"ASK{{{'{}UNION' * WIDE}{{}}}}",
    "5,000 OPTIONALs": f"ASK {{ {'OPTIONAL {?a ?b ?c} ' * WIDE} }}",
    "5,000 MINUSes": f"ASK {{ {'MINUS {} ' * WIDE} }}",
    "5,000 sub-selects": f"ASK {{ {'{SELECT * {}} ' * WIDE} }}",
    "5,000 BINDs": f"ASK {{ {''.join(f'BIND(1 AS ?x{n}) ' for n in range(WIDE))} }}",
}
"""Nested, or chained, beyond any stack: malformed, whatever else they are."""


TEN = "".join(ANY.format(number) for number in range(10))


def doubled(times: int, expression: str, first: str = '"aaaaaaaaaa"') -> str:
    """Return bindings of which each makes the value before it longer; `{0}` stands for that value."""
    steps = (f"BIND({expression.format(f'?s{n}')} AS ?s{n + 1}) " for n in range(times))
    return f"BIND({first} AS ?s0) {''.join(steps)}"


ONES = "1 " * 100
TWICE = "CONCAT({0},{0})"
TEN_OF_ONE = 'REPLACE({0},"a","aaaaaaaaaa")'
FOUR_OF_EACH = 'REPLACE({0},"(.)","$1$1$1$1")'
TWO_OF_ALL = 'REPLACE({0},"^(.*)$","$1$1")'
ENCODED = 'ENCODE_FOR_URI(CONCAT({0},"/",{0}))'

ENDLESS = {
    "COUNT over a product": f"SELECT (COUNT(*) AS ?n) {{ {TEN} }}",
    "COUNT DISTINCT over a product": f"SELECT (COUNT(DISTINCT ?c9) AS ?n) {{ {TEN} }}",
    "ORDER BY over a product": f"SELECT * {{ {TEN} }} ORDER BY ?c9 DESC(?a0)",
    "ORDER BY over a product, one row wanted": f"SELECT * {{ {TEN} }} ORDER BY ?c9 DESC(?a0) LIMIT 1",
    "ORDER BY RAND()": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY RAND()",
    "DISTINCT over a product": f"SELECT DISTINCT * {{ {TEN} }}",
    "REDUCED over a product": f"SELECT REDUCED * {{ {TEN} }}",
    "GROUP_CONCAT over a product": f"SELECT (GROUP_CONCAT(?c0) AS ?n) {{ {TEN} }}",
    "GROUP BY over a product": f"SELECT ?a0 ?b1 ?c2 (COUNT(*) AS ?n) {{ {TEN} }} GROUP BY ?a0 ?b1 ?c2",
    "SAMPLE and HAVING over a product": f"SELECT (SAMPLE(?a0) AS ?n) {{ {TEN} }} GROUP BY ?b1 HAVING (COUNT(*) < 0)",
    "a product that is filtered": f"ASK {{ {TEN} FILTER(STRLEN(CONCAT(STR(?a0), STR(?c9))) < 0) }}",
    "a product of OPTIONALs": f"SELECT (COUNT(*) AS ?n) {{ {''.join(f'OPTIONAL {{ {ANY.format(n)} }} ' for n in range(10))} }}",
    "a product of sub-selects": f"SELECT (COUNT(*) AS ?n) {{ {''.join(f'{{ SELECT * {{ {ANY.format(n)} }} }} ' for n in range(10))} }}",
    "a product with MINUS": f"SELECT (COUNT(*) AS ?n) {{ {TEN} MINUS {{ ?a0 ?x ?y . ?z ?v ?w }} }}",
    "a product with EXISTS": f"SELECT (COUNT(*) AS ?n) {{ {TEN} FILTER EXISTS {{ ?a0 ?x ?y . ?y ?v ?c9 }} }}",
    "a product with a last page": f"SELECT * {{ {TEN} }} OFFSET 1000000000000 LIMIT 1",
    "a product of named graphs": "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?a ?b ?c } GRAPH ?h { ?d ?e ?f } GRAPH ?i { ?j ?k ?l } }",
    "a product of lists": f"SELECT (COUNT(*) AS ?n) {{ {''.join(f'VALUES ?v{n} {{ {ONES} }} ' for n in range(9))} }}",
    "40 doublings": f"SELECT (STRLEN(?s40) AS ?n) {{ {doubled(40, TWICE)} }}",
    "40 doublings, shown": f"SELECT ?s40 {{ {doubled(40, TWICE)} }}",
    "40 doublings in CONSTRUCT": f"CONSTRUCT {{ <x:s> <x:p> ?s40 }} {{ {doubled(40, TWICE)} }}",
    "REPLACE that makes ten of one": f"SELECT (STRLEN(?s30) AS ?n) {{ {doubled(30, TEN_OF_ONE)} }}",
    "REPLACE that repeats what it found": f"SELECT (STRLEN(?s30) AS ?n) {{ {doubled(30, FOUR_OF_EACH)} }}",
    "REPLACE that doubles the whole": f"SELECT (STRLEN(?s40) AS ?n) {{ {doubled(40, TWO_OF_ALL)} }}",
    "percent-encoding of a long text": f"SELECT (STRLEN(?s40) AS ?n) {{ {doubled(40, ENCODED)} }}",
    "a regular expression made for each row": 'ASK { ?s ?p ?o FILTER(REGEX(STR(?o), CONCAT("(\\\\w{1000}){3}", STR(?s)))) }',
    "a regular expression of a million states": 'ASK { ?s ?p ?o FILTER(REGEX(STR(?o), "((a{100}){100}){100}")) }',
    "digests of a product": "SELECT (MAX(SHA512(CONCAT(STR(?a), STR(?f)))) AS ?n) { ?a ?b ?c . ?d ?e ?f }",
    "a closure in both directions": "SELECT (COUNT(*) AS ?n) { ?a (!<x:y>|^(!<x:y>))* ?b }",
    "a closure of closures": "SELECT (COUNT(*) AS ?n) { ?a (((!<x:y>)*/(!<x:y>)*)*|(^(!<x:y>))+)* ?b }",
    "closures in a row": "SELECT (COUNT(*) AS ?n) { ?a (!<x:y>)* ?b . ?c (!<x:y>)+ ?d . ?e (!<x:y>)* ?f }",
    "gigabytes of solutions": f"SELECT * {{ {TEN} }}",
    "gigabytes of triples": f"CONSTRUCT {{ ?a0 ?b1 ?c2 . ?a3 ?b4 ?c5 }} {{ {TEN} }}",
    "gigabytes in one solution": "SELECT (GROUP_CONCAT(CONCAT(STR(?s), STR(?x)); SEPARATOR='----------') AS ?n) { ?s ?p ?o . ?x ?y ?z }",
    "solutions without variables": "SELECT * { {} UNION {} " + "{{} UNION {}} " * 60 + "}",
    "a list of 20,000 members": f"ASK {{ ?s ?p ({'1 ' * 20_000}) }}",
    "a list of 900 members": f"ASK {{ ?s ?p ({'1 ' * 900}) }}",
    "5,000 triple patterns": f"SELECT * {{ {'?a ?b ?c . ' * WIDE} }}",
    "5,000 triple patterns, nothing shared": f"SELECT * {{ {''.join(ANY.format(n) for n in range(WIDE))} }}",
    "5,000 properties": f"SELECT * {{ ?a {'?b ?c ; ' * WIDE} }}",
    "3,000 objects": f"SELECT * {{ ?a ?b {', '.join(f'?c{n}' for n in range(3000))} }}",
    "20,000 expressions": f"SELECT {''.join(f'(1 AS ?x{n})' for n in range(20_000))} {{}}",
}
"""What has no end, or no room: refused once it has used up what there is for one query."""


MAYBE = {
    "a path of 760 steps": "SELECT * { ?a " + "/".join(["<x:p>"] * 760) + " ?b }",
    "a list nested 330 deep": f"SELECT * {{ ?a ?b {around('(', '', ')', 330)} }}",
    "a list nested 90 deep": f"SELECT * {{ ?a ?b {around('(', '', ')', 90)} }}",
    "900 UNIONs": f"SELECT * {{ {'{} UNION ' * 900}{{}} }}",
    "900 OPTIONALs": f"SELECT * {{ {'OPTIONAL {?a ?b ?c} ' * 900} }}",
    "a sum of 900": f"ASK {{ FILTER ({'1+' * 900}1) }}",
    "5,000 FILTERs": f"SELECT * {{ {'FILTER(1) ' * WIDE} }}",
    "5,000 GRAPHs": f"SELECT * {{ {'GRAPH ?g {} ' * WIDE} }}",
    "5,000 VALUES": f"SELECT * {{ {'VALUES ?x {1} ' * WIDE} }}",
    "100,000 alternatives of IN": f"ASK {{ FILTER(1 IN ({'2,' * 100_000}1)) }}",
    "100,000 arguments": "SELECT (STRLEN(CONCAT(" + "'a'," * 100_000 + "'')) AS ?n) {}",
    "40,000 prefixes": "".join(f"PREFIX p{n}: <x:> " for n in range(40_000)) + "ASK {}",
    "50,000 variables": f"SELECT {' '.join(f'?x{n}' for n in range(50_000))} {{ ?a ?b ?c }}",
    "20,000 keys of ORDER BY": f"SELECT * {{}} ORDER BY {' '.join(f'?x{n}' for n in range(20_000))}",
    "20,000 keys of GROUP BY": f"SELECT (COUNT(*) AS ?n) {{}} GROUP BY {' '.join(f'?x{n}' for n in range(20_000))}",
    "20,000 triples of a template": f"CONSTRUCT {{ {'?a ?b ?c . ' * 20_000} }} {{ ?a ?b ?c }}",
    "a closure over everything": "SELECT (COUNT(*) AS ?n) { ?a (!<x:y>)* ?b }",
    "DESCRIBE of everything": "DESCRIBE ?s { ?s ?p ?o }",
    "a number of 100,000 digits": f"SELECT (1{'0' * 100_000} + 1 AS ?n) {{}}",
    "an infinite number": "SELECT (1e999999 * 1e999999 AS ?n) {}",
    "the least integer by -1": "SELECT ((-9223372036854775807 - 1) / -1 AS ?n) {}",
    "a substring from nowhere": 'SELECT (SUBSTR("a", -9223372036854775808, 9223372036854775807) AS ?n) {}',
    "a duration without end": 'SELECT (NOW() + "P9223372036854775807Y"^^<http://www.w3.org/2001/XMLSchema#duration> AS ?n) {}',
    "a year out of range": 'SELECT (YEAR("99999999999-01-01T00:00:00"^^<http://www.w3.org/2001/XMLSchema#dateTime>) AS ?n) {}',
    "an offset beyond all": "SELECT * { ?s ?p ?o } OFFSET 18446744073709551615",
    "a limit beyond all numbers": "SELECT * { ?s ?p ?o } LIMIT 99999999999999999999999",
    "a limit below zero": "SELECT * { ?s ?p ?o } LIMIT -1",
    "a function that there is not": "SELECT (<x:f>(1) AS ?n) {}",
    "an aggregate that there is not": "SELECT (<x:f>(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
    "a language of 100,000 letters": f'SELECT ("x"@{"a" * 100_000} AS ?n) {{}}',
    "a variable of 100,000 letters": f"SELECT ?{'a' * 100_000} {{ ?s ?p ?o }}",
    "an IRI of 100,000 letters": f"ASK {{ <x:{'a' * 100_000}> ?p ?o }}",
    "a regular expression nested 100,000 deep": f'ASK {{ FILTER(REGEX("a", "{around("(", "a", ")", 100_000)}")) }}',
}
"""What may be answered or refused: which of them depends on how fast the machine is, or on the engine."""


def service_texts(port: int) -> dict[str, str]:
    """Return queries that ask, or would ask, an endpoint at a port of this machine."""
    address = f"http://127.0.0.1:{port}/"
    clause = f"SERVICE <{address}> {{ ?s ?p ?o }}"
    return {
        "a clause": f"SELECT * {{ {clause} }}",
        "lower case": f"SELECT * {{ service <{address}> {{}} }}",
        "mixed case": f"SELECT * {{ SeRvIcE <{address}> {{}} }}",
        "SILENT": f"SELECT * {{ SERVICE SILENT <{address}> {{}} }}",
        "SILENT, lower case": f"SELECT * {{ service silent <{address}> {{}} }}",
        "without spaces": f"SELECT*{{SERVICE<{address}>{{}}}}",
        "SILENT without spaces": f"SELECT*{{SERVICESILENT<{address}>{{}}}}",
        "no space after a value": f"SELECT * {{ VALUES ?x {{1}}SERVICE<{address}>{{}} }}",
        "no space after a number": f"SELECT * {{ OPTIONAL {{ ?s ?p 1SERVICE<{address}>{{}} }} }}",
        "no space after a truth value": f"SELECT * {{ OPTIONAL {{ ?s ?p trueSERVICE<{address}>{{}} }} }}",
        "no space after a string": f"SELECT * {{ OPTIONAL {{ ?s ?p ''SERVICE<{address}>{{}} }} }}",
        "tabs and line ends": f"SELECT * {{ SERVICE\t\r\n<{address}>\r{{}} }}",
        "comments between": f"SELECT * {{ SERVICE # <x:y>\n <{address}> # x\n {{}} }}",
        "a comment that CR ends": f"SELECT * {{ # x\r{clause} }}",
        "behind a comment": f"SELECT * {{ # it's\n {clause} }}",
        "behind a comment that looks like a string": f'SELECT * {{ # """\n {clause} # """\n }}',
        "behind a string that looks like a comment": f"SELECT * {{ BIND('#' AS ?x) {clause} }}",
        "behind a string with an escaped quote": f"SELECT * {{ BIND('\\'' AS ?x) {clause} }}",
        "behind a string that ends in a backslash": f"SELECT * {{ BIND('\\\\' AS ?x) {clause} #'\n }}",
        "behind a long string": f"SELECT * {{ BIND('''it's ''' AS ?x) {clause} }}",
        "behind a long string with quotes": f'SELECT * {{ BIND("""a"b""c\\"""" AS ?x) {clause} }}',
        "behind a long string without end": f"SELECT * {{ VALUES ?x {{'''a'}} {clause} }}",
        "behind a long string with an escape that is none": f"SELECT * {{ VALUES ?x {{'''a'}} {clause} #\\q'''\n }}",
        "behind a long string with a surrogate": f"SELECT * {{ VALUES ?x {{'''a'}} {clause} #\\uD800'''\n }}",
        "behind an empty string": f"SELECT * {{ VALUES ?x {{''}} {clause} #''\n }}",
        "behind an IRI with a fragment": f"SELECT * {{ BIND(<http://e.org/#> AS ?x) {clause} }}",
        "behind an IRI with a quote": f"SELECT * {{ BIND(<http://e.org/'> AS ?x) {clause} }}",
        "behind an IRI with an escape": f"SELECT * {{ BIND(<http://e.org/\\u0041#> AS ?x) {clause} }}",
        "behind a comparison": f"SELECT * {{ FILTER(1<2)#>\n {clause} }}",
        "behind a comparison with a string": f"SELECT * {{ FILTER(1<'#>'||1) {clause} }}",
        "behind a comparison of EXISTS": f"SELECT * {{ FILTER(EXISTS{{}}<1#>'\n||1) {clause} }}",
        "behind a comparison of a triple term": f"SELECT * {{ FILTER(<<(<x:a> <x:b> 1)>><1#>'\n||1) {clause} }}",
        "behind a comparison of a string with direction": f"SELECT * {{ FILTER('a'@en--ltr<1#>'\n||1) {clause} }}",
        "behind a comparison in SELECTDISTINCT": f"SELECT * {{ {{SELECTDISTINCT?x(1<2#>'\n AS ?z){{}}}} {clause} }}",
        "behind a comparison in a function": f"PREFIX x: <http://www.w3.org/2001/XMLSchema#> SELECT * {{ FILTERx:boolean(1<2#>'\n) {clause} }}",
        "behind a triple term": f"SELECT * {{ BIND(<<(<x:a> <x:b#> ?o)>> AS ?t) {clause} }}",
        "behind a prefixed name with an escape": f"PREFIX e: <x:> SELECT * {{ BIND(e:\\'\\# AS ?x) {clause} }}",
        "a prefixed name": f"PREFIX e: <{address}> SELECT * {{ SERVICE e:sparql {{}} }}",
        "the empty prefix": f"PREFIX : <{address}> SELECT * {{ SERVICE : {{}} }}",
        "the empty prefix without space": f"PREFIX : <{address}> SELECT * {{ SERVICE:{{}} }}",
        "a prefix without space": f"PREFIX ex: <{address}> SELECT * {{ SERVICEex:x{{}} }}",
        "SILENT and a prefix without space": f"PREFIX ex: <{address}> SELECT * {{ SERVICESILENTex:x{{}} }}",
        "a prefix called service": f"PREFIX service: <{address}> SELECT * {{ SERVICE service: {{}} }}",
        "a base": f"BASE <{address}> SELECT * {{ SERVICE <x> {{}} }}",
        "an IRI without scheme": f"SELECT * {{ SERVICE <//127.0.0.1:{port}/> {{}} }}",
        "an IRI with escapes": f"SELECT * {{ SERVICE <\\u0068ttp://127.0.0.1:{port}/> {{}} }}",
        "a variable": f"SELECT * {{ VALUES ?service {{<{address}>}} SERVICE ?service {{}} }}",
        "a variable without space": f"SELECT*{{VALUES?x{{<{address}>}}SERVICE?x{{}}}}",
        "a variable with $": f"SELECT * {{ BIND(<{address}> AS $x) SERVICE SILENT $x {{}} }}",
        "a variable, LATERAL": f"SELECT * {{ VALUES ?x {{<{address}>}} LATERAL {{ SERVICE ?x {{}} }} }}",
        "escaped": f"SELECT * {{ \\u0053ERVICE <{address}> {{}} }}",
        "escaped, long": f"SELECT * {{ S\\U00000045RVICE <{address}> {{}} }}",
        "a sub-select": f"SELECT * {{ {{ SELECT * {{ {clause} }} }} }}",
        "OPTIONAL": f"SELECT * {{ OPTIONAL {{ {clause} }} }}",
        "UNION": f"SELECT * {{ {{}} UNION {{ {clause} }} }}",
        "MINUS": f"SELECT * {{ VALUES ?s {{1}} MINUS {{ {clause} }} }}",
        "GRAPH": f"SELECT * {{ GRAPH ?g {{ {clause} }} }}",
        "EXISTS": f"SELECT * {{ FILTER EXISTS {{ {clause} }} }}",
        "EXISTS in SELECT": f"SELECT (EXISTS {{ {clause} }} AS ?x) {{}}",
        "EXISTS in ORDER BY": f"SELECT * {{}} ORDER BY (EXISTS {{ {clause} }})",
        "EXISTS in HAVING": f"SELECT (1 AS ?x) {{}} HAVING (EXISTS {{ {clause} }})",
        "EXISTS in a condition": f"SELECT * {{ BIND(IF(1 < 2, EXISTS {{ {clause} }}, 1) AS ?x) }}",
        "SERVICE in SERVICE": f"SELECT * {{ SERVICE <{address}> {{ {clause} }} }}",
        "ASK": f"ASK {{ {clause} }}",
        "CONSTRUCT": f"CONSTRUCT {{ ?s ?p ?o }} {{ {clause} }}",
        "DESCRIBE": f"DESCRIBE ?s {{ {clause} }}",
        "a version": f"VERSION '1.2' SELECT * {{ {clause} }}",
        "the file system": "SELECT * { SERVICE <file:///etc/passwd> {} }",
    }


NO_SERVICE = {
    "a string": "SELECT ('SERVICE <http://e.org/> {}' AS ?x) {}",
    "a string, double quotes": 'SELECT ("SERVICE <http://e.org/> {}" AS ?x) {}',
    "a long string": "SELECT ('''\nSERVICE <http://e.org/> {}''' AS ?x) {}",
    "a long string, double quotes": 'SELECT ("""it\'s " SERVICE ?x {}""" AS ?x) {}',
    "a comment": "SELECT * { # SERVICE <http://e.org/> {}\n }",
    "a comment at the end": "SELECT * {} # SERVICE <http://e.org/> {}",
    "an IRI": "SELECT * { <http://e.org/SERVICE> ?p ?o }",
    "a fragment": "SELECT * { <http://e.org/#SERVICE> ?p ?o }",
    "a prefixed name": "PREFIX ex: <x:> SELECT * { ex:SERVICE ?p ?o }",
    "a prefix": "PREFIX SERVICE: <x:> SELECT * { SERVICE:x ?p ?o }",
    "a variable": "SELECT * { ?service ?p ?o } LIMIT 1",
    "a variable, compared": "SELECT * { ?SERVICE ?p ?o FILTER(?SERVICE = 1) }",
    "a language": "SELECT ('x'@service AS ?x) {}",
    "a blank node": "SELECT * { _:service ?p ?o } LIMIT 1",
}
"""Queries that have the word in them, and no such clause."""
