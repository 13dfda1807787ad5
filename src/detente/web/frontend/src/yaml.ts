/** The text of a conflict file in CodeMirror, with faults marked at their places. */

import { defaultKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { Annotation, EditorState, Prec, type Text } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { told, type Fault } from "./net";

/** Marks changes of the text that the program makes. */
const fromOutside = Annotation.define<boolean>();

// The editor adds style elements; the page's policy accepts those with its nonce.
const nonce = document.querySelector<HTMLElement>('meta[property="csp-nonce"]')?.nonce ?? "";

const highlight = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], class: "y-key" },
  { tag: tags.comment, class: "y-comment" },
  { tag: [tags.string, tags.special(tags.string)], class: "y-string" },
  { tag: [tags.punctuation, tags.separator, tags.bracket], class: "y-mark" },
]);

export class Editor {
  private readonly view: EditorView;
  private readonly keys: Record<string, () => void> = {};

  constructor(parent: HTMLElement, text: string, editable: boolean, typed: () => void) {
    const press = (key: string) => () => {
      this.keys[key]?.();
      return true;
    };
    this.view = new EditorView({
      parent,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(),
          lintGutter(),
          drawSelection(),
          highlightActiveLine(),
          bracketMatching(),
          yaml(),
          indentUnit.of("  "),
          syntaxHighlighting(highlight),
          EditorView.lineWrapping,
          EditorState.readOnly.of(!editable),
          EditorView.contentAttributes.of({ "aria-label": "The text of the conflict file", spellcheck: "false" }),
          EditorView.cspNonce.of(nonce),
          Prec.high(
            keymap.of([
              { key: "Mod-z", run: press("undo"), preventDefault: true },
              { key: "Mod-y", run: press("redo"), preventDefault: true },
              { key: "Mod-Shift-z", run: press("redo"), preventDefault: true },
            ]),
          ),
          keymap.of([...defaultKeymap, indentWithTab]),
          EditorView.updateListener.of((update) => {
            const mine = update.transactions.some((one) => one.annotation(fromOutside));
            if (update.docChanged && !mine) typed();
          }),
        ],
      }),
    });
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  onKey(key: "undo" | "redo", call: () => void): void {
    this.keys[key] = call;
  }

  /** Show a text by changing only the part that differs, so that the scroll position stays. */
  show(text: string): void {
    const now = this.text;
    if (now === text) return;
    let from = 0;
    while (from < now.length && from < text.length && now[from] === text[from]) from++;
    let end = now.length;
    let insertEnd = text.length;
    while (end > from && insertEnd > from && now[end - 1] === text[insertEnd - 1]) {
      end--;
      insertEnd--;
    }
    this.view.dispatch({
      changes: { from, to: end, insert: text.slice(from, insertEnd) },
      annotations: fromOutside.of(true),
      effects: EditorView.scrollIntoView(from, { y: "nearest" }),
    });
  }

  mark(faults: Fault[]): void {
    const { doc } = this.view.state;
    const found: Diagnostic[] = faults
      .filter((fault) => fault.file === null)
      .map((fault) => {
        const [from, to] = span(doc, fault.line ?? 1, fault.column ?? 1);
        return { from, to, severity: "error", message: told(fault) };
      });
    this.view.dispatch(setDiagnostics(this.view.state, found));
  }

  goTo(line: number, column: number): void {
    const [from] = span(this.view.state.doc, line, column);
    this.view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
    this.view.focus();
  }
}

/** The range of a fault: its word, or the rest of the line. */
function span(doc: Text, line: number, column: number): [number, number] {
  const found = doc.line(Math.min(Math.max(line, 1), doc.lines));
  const from = Math.min(found.from + Math.max(column, 1) - 1, found.to);
  const word = /^[\w.-]+/.exec(found.text.slice(from - found.from));
  return [from, word ? from + word[0].length : Math.max(found.to, from)];
}
