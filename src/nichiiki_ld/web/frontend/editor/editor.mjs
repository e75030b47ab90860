// Puts an editor in the place of the query page's field, which stays what is sent.
//
// It lives in a shadow root: there its style sheets are objects of their own, and the
// Content-Security-Policy needs no exception for elements made by a script.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import {
  HighlightStyle,
  StreamLanguage,
  bracketMatching,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { EditorState, Prec, StateField } from "@codemirror/state";
import {
  Decoration,
  EditorView,
  drawSelection,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

import { complete } from "./complete.mjs";

const theme = EditorView.theme({
  "&": { maxHeight: "26rem", color: "var(--ink)", backgroundColor: "var(--raised)", fontSize: "0.86em" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": {
    fontFamily: 'ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace',
    lineHeight: "1.55",
    overflow: "auto",
    minHeight: "12rem",
  },
  ".cm-content": { caretColor: "var(--ink)", padding: "0.6rem 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--raised)", color: "var(--soft)", border: "none" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--accent) 8%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "transparent" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "color-mix(in srgb, var(--accent) 28%, transparent)",
  },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
    backgroundColor: "color-mix(in srgb, var(--accent) 22%, transparent)",
  },
  ".cm-wrong": { backgroundColor: "var(--wrong-ground)", boxShadow: "inset 3px 0 0 var(--wrong)" },
  ".cm-tooltip": { backgroundColor: "var(--ground)", color: "var(--ink)", border: "1px solid var(--soft)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "inherit", maxHeight: "16rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.15rem 0.5rem", lineHeight: "1.5" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--ground)" },
  ".cm-completionDetail": { fontStyle: "normal", marginLeft: "0.8em", opacity: "0.85" },
});

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--link)", fontWeight: "600" },
  { tag: [tags.standard(tags.variableName), tags.standard(tags.name)], color: "var(--link)" },
  { tag: tags.local(tags.variableName), color: "var(--wrong)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--right)" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
  { tag: [tags.atom, tags.tagName], color: "var(--ink)", textDecoration: "none" },
  { tag: tags.meta, color: "var(--soft)" },
]);

/** Mark the line that the server could not read, until the query is changed. */
function wrongLine(number) {
  return StateField.define({
    create: ({ doc }) =>
      number >= 1 && number <= doc.lines
        ? Decoration.set(Decoration.line({ class: "cm-wrong" }).range(doc.line(number).from))
        : Decoration.none,
    update: (marks, { docChanged }) => (docChanged ? Decoration.none : marks),
    provide: (field) => EditorView.decorations.from(field),
  });
}

/** Put typed words in the place of what is selected. A browser would give them the look of what was there, by styles of their own. */
function typeOver(event, view) {
  const { main, ranges } = view.state.selection;
  if (event.inputType !== "insertText" || !event.data || view.composing || ranges.every(({ empty }) => empty)) {
    return false;
  }
  event.preventDefault();
  const insert = () =>
    view.state.update(view.state.replaceSelection(event.data), { scrollIntoView: true, userEvent: "input.type" });
  const handlers = view.state.facet(EditorView.inputHandler);
  if (!handlers.some((handle) => handle(view, main.from, main.to, event.data, insert))) {
    view.dispatch(insert());
  }
  return true;
}

function open(field, keys) {
  const { form } = field;
  const host = document.createElement("div");
  host.className = "query-editor";
  const root = host.attachShadow({ mode: "open" });
  const run = () => {
    form.requestSubmit();
    return true;
  };
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: field.value,
      extensions: [
        Prec.highest(keymap.of([{ key: "Mod-Enter", run }, { key: "Ctrl-Enter", run }])),
        lineNumbers(),
        highlightSpecialChars(),
        history(),
        drawSelection(),
        indentOnInput(),
        indentUnit.of("  "),
        StreamLanguage.define(sparql),
        syntaxHighlighting(colours),
        bracketMatching(),
        closeBrackets(),
        autocompletion({ override: [complete(field.dataset)], icons: false }),
        highlightActiveLine(),
        wrongLine(Number(field.dataset.wrongLine)),
        keymap.of([
          ...closeBracketsKeymap,
          ...completionKeymap,
          ...defaultKeymap,
          ...historyKeymap,
          indentWithTab,
        ]),
        theme,
        EditorView.domEventHandlers({ beforeinput: typeOver }),
        EditorView.contentAttributes.of({ "aria-label": keys.dataset.label, tabindex: "0" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) {
            field.value = update.state.doc.toString();
            field.dispatchEvent(new Event("input"));
          }
        }),
      ],
    }),
  });
  field.hidden = true;
  // A field that nobody sees cannot say that it is empty.
  field.required = false;
  field.after(host);
  keys.textContent = keys.dataset.inEditor;
  form.querySelector("label[for=query]").addEventListener("click", () => view.focus());
}

const field = document.getElementById("query");
if (field) {
  open(field, document.getElementById("query-keys"));
}
