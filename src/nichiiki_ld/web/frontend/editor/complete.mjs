// Completion: variables of the query, words of SPARQL, and the published vocabulary by name or label.

const WORDS = [
  ..."SELECT DISTINCT WHERE ASK CONSTRUCT DESCRIBE PREFIX FILTER OPTIONAL UNION MINUS GRAPH BIND VALUES".split(" "),
  ...["GROUP BY", "ORDER BY", "NOT EXISTS", "FROM NAMED"],
  ..."HAVING LIMIT OFFSET DESC ASC AS FROM EXISTS IN SEPARATOR UNDEF".split(" "),
  ..."COUNT SUM AVG MIN MAX SAMPLE GROUP_CONCAT STR LANG LANGMATCHES DATATYPE BOUND IRI IF COALESCE".split(" "),
  ..."CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER REPLACE REGEX CONCAT SUBSTR STRLEN UCASE LCASE".split(" "),
  ..."ROUND FLOOR CEIL ABS YEAR MONTH DAY isIRI isLiteral".split(" "),
];

const MOST = 60;

/** Return the declarations of a query: prefix → namespace. */
function declared(text) {
  return Object.fromEntries(
    [...text.matchAll(/^[^#"']*?\bPREFIX\s+([\w.-]*):\s*<([^>]*)>/gim)].map(([, prefix, namespace]) => [prefix, namespace]),
  );
}

/** Put a term into the query, and its prefix above, where it is not declared. */
function insertTerm(name, prefixes) {
  return (view, completion, from, to) => {
    const prefix = name.slice(0, name.indexOf(":"));
    const changes = [{ from, to, insert: name }];
    const text = view.state.doc.toString();
    let line = "";
    if (!(prefix in declared(text)) && prefixes[prefix]) {
      line = `PREFIX ${prefix}: <${prefixes[prefix]}>\n`;
      changes.unshift({ from: 0, insert: line });
    }
    view.dispatch({ changes, selection: { anchor: from + line.length + name.length }, userEvent: "input.complete" });
  };
}

/** Return how well a text fits to what was typed, 0 is best; -1 if it does not. */
function fit(typed, texts) {
  let best = -1;
  for (const text of texts) {
    const at = text ? text.toLowerCase().indexOf(typed) : -1;
    if (at >= 0) {
      const rank = at === 0 ? 0 : 1;
      best = best < 0 ? rank : Math.min(best, rank);
    }
  }
  return best;
}

function chosen(options, typed, textsOf) {
  return options
    .map((option) => ({ option, rank: fit(typed, textsOf(option)) }))
    .filter(({ rank }) => rank >= 0)
    .sort((one, other) => one.rank - other.rank)
    .slice(0, MOST)
    .map(({ option }) => option);
}

/** Return a source of completions for a page in a language; it asks for the vocabulary when it first needs it. */
export function complete({ completions, language }) {
  let vocabulary;
  const read = async () => {
    vocabulary ??= fetch(completions).then((answer) => (answer.ok ? answer.json() : { prefixes: {}, terms: [] }));
    try {
      return await vocabulary;
    } catch {
      vocabulary = undefined;
      return { prefixes: {}, terms: [] };
    }
  };
  const other = language === "ja" ? "en" : "ja";
  return async (context) => {
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    if (/^\s*#/.test(before) || /<[^>\s]*$/.test(before)) {
      return null;
    }
    const text = context.state.doc.toString();
    const variable = context.matchBefore(/[?$][\p{L}\p{N}_]*/u);
    if (variable) {
      const names = new Set([...text.matchAll(/[?$][\p{L}\p{N}_]+/gu)].map(([each]) => each));
      names.delete(variable.text);
      return { from: variable.from, options: [...names].map((label) => ({ label, type: "variable" })) };
    }
    const word = context.matchBefore(/[\p{L}_][\p{L}\p{N}_.-]*(?::[\p{L}\p{N}_.-]*)?/u);
    if (!word && !context.explicit) {
      return null;
    }
    const { prefixes, terms } = await read();
    const from = word ? word.from : context.pos;
    const typed = (word ? word.text : "").toLowerCase();
    if (/\bPREFIX\s+[\w.-]*$/i.test(before)) {
      const known = Object.entries(prefixes).map(([prefix, namespace]) => ({ label: `${prefix}: <${namespace}>` }));
      return { from, options: chosen(known, typed, ({ label }) => [label]), filter: false };
    }
    const options = terms.map((each) => ({
      label: each.name,
      detail: each[language] ?? each[other] ?? "",
      type: each.kind,
      apply: insertTerm(each.name, prefixes),
      texts: [each.name, each.name.slice(each.name.indexOf(":") + 1), each.ja, each.en],
    }));
    const found = chosen(options, typed, ({ texts }) => texts);
    const words = typed.includes(":") ? [] : chosen(WORDS.map((label) => ({ label, type: "keyword" })), typed, ({ label }) => [label]);
    const begun = words.filter(({ label }) => label.toLowerCase().startsWith(typed));
    return found.length || begun.length ? { from, options: [...begun, ...found].slice(0, MOST), filter: false } : null;
  };
}
