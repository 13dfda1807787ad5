/**
 * The text as this tab has it, with its undo history. The tab's own storage keeps it, so that it survives a change of
 * page and no other tab sees it.
 */

interface Kept {
  text: string;
  /** The text on disk; null if the file no longer exists. */
  saved: string | null;
  was: string;
  past: string[];
  future: string[];
}

const MAX_CHARACTERS = 3_000_000;
const MAX_STEPS = 200;

export class Draft {
  private kept: Kept;

  constructor(
    private readonly name: string,
    onDisk: { text: string; digest: string },
  ) {
    const stored = Draft.stored(name);
    this.kept =
      stored && stored.text !== stored.saved && stored.text !== onDisk.text
        ? stored
        : { text: onDisk.text, saved: onDisk.text, was: onDisk.digest, past: [], future: [] };
  }

  private static key(name: string): string {
    return `detente-draft:${name}`;
  }

  private static stored(name: string): Kept | null {
    try {
      const text = sessionStorage.getItem(Draft.key(name));
      return text ? (JSON.parse(text) as Kept) : null;
    } catch {
      return null;
    }
  }

  static isUnsaved(name: string): boolean {
    return Draft.unsaved(name) !== null;
  }

  /** The unsaved text of a file in this tab; or null. */
  static unsaved(name: string): { text: string; was: string } | null {
    const stored = Draft.stored(name);
    return stored && stored.text !== stored.saved ? stored : null;
  }

  /** The files with unsaved text in this tab. */
  static names(): string[] {
    const keys = Array.from({ length: sessionStorage.length }, (_, place) => sessionStorage.key(place) ?? "");
    const names = keys.filter((key) => key.startsWith(Draft.key(""))).map((key) => key.slice(Draft.key("").length));
    return names.filter((name) => Draft.isUnsaved(name)).sort();
  }

  static forget(name: string): void {
    sessionStorage.removeItem(Draft.key(name));
  }

  get text(): string {
    return this.kept.text;
  }

  get was(): string {
    return this.kept.was;
  }

  get unsaved(): boolean {
    return this.kept.text !== this.kept.saved;
  }

  /** Whether the file is no longer on disk. */
  get missing(): boolean {
    return this.kept.saved === null;
  }

  get canUndo(): boolean {
    return this.kept.past.length > 0;
  }

  get canRedo(): boolean {
    return this.kept.future.length > 0;
  }

  change(text: string): void {
    if (text === this.kept.text) return;
    this.kept.past.push(this.kept.text);
    this.kept.future = [];
    this.kept.text = text;
    this.keep();
  }

  undo(): boolean {
    const before = this.kept.past.pop();
    if (before === undefined) return false;
    this.kept.future.push(this.kept.text);
    this.kept.text = before;
    this.keep();
    return true;
  }

  redo(): boolean {
    const after = this.kept.future.pop();
    if (after === undefined) return false;
    this.kept.past.push(this.kept.text);
    this.kept.text = after;
    this.keep();
    return true;
  }

  /** Record that a text is now on disk. */
  savedAs(text: string, digest: string): void {
    this.kept.saved = text;
    this.kept.was = digest;
    this.keep();
  }

  /** Record that the file is no longer on disk; the text is kept until the file exists again. */
  lost(): void {
    this.kept.saved = null;
    this.keep();
  }

  /** Replace the text by the one on disk, as a change that can be undone. */
  takeFromDisk(text: string, digest: string): void {
    this.change(text);
    this.savedAs(text, digest);
  }

  /** Treat the version on disk as the one that this text was made from: saving then overwrites it. */
  overwrite(digest: string): void {
    this.kept.was = digest;
    this.keep();
  }

  private keep(): void {
    const { past } = this.kept;
    let size = past.reduce((sum, text) => sum + text.length, 0);
    while (past.length > 0 && (past.length > MAX_STEPS || size > MAX_CHARACTERS)) size -= past.shift()?.length ?? 0;
    try {
      sessionStorage.setItem(Draft.key(this.name), JSON.stringify(this.kept));
    } catch {
      // Too large for the tab's storage: the text stays on the page, and leaving the page asks for confirmation.
    }
  }
}
