/** Generated from the table of fields by `python -m detente.web.field_types`. Do not edit. */

/** The changes that an edit can make. */
export type Verb = "accept" | "act" | "add" | "believe" | "convert" | "decide" | "gap" | "import" | "join" | "link" | "move" | "order" | "pay" | "propose" | "rank" | "reject" | "remove" | "rename" | "review" | "rule" | "set" | "tie" | "unlink" | "untie";

export interface Act {
  evidence?: string[];
  against?: string[];
  note?: string;
  date: string;
  by: string;
  takes?: string[];
  drops?: string[];
}

export interface Belief {
  evidence?: string[];
  against?: string[];
  note?: string;
  preferences?: Preference[];
  ranking?: Ranking;
  weights?: Weight[];
  payoffs?: Payoff[];
}

export interface DecisionMaker {
  evidence?: string[];
  against?: string[];
  note?: string;
  name?: string;
  options?: Record<string, Option>;
  preferences?: Preference[];
  ranking?: Ranking;
  weights?: Weight[];
  payoffs?: Payoff[];
  facing_unknown?: "a" | "b" | "c" | "d";
  thresholds?: Thresholds;
  attitudes?: Record<string, "positive" | "neutral" | "negative">;
}

export interface Link {
  kind: "same_as" | "copy_of" | "repeats" | "withdraws" | "denies" | "contradicts";
  first: string;
  second: string;
  reason?: string;
  confidence?: string;
  accepted?: boolean;
}

export interface Merge {
  evidence?: string[];
  against?: string[];
  note?: string;
  when: string;
}

export interface OneWay {
  evidence?: string[];
  against?: string[];
  note?: string;
  direction: unknown;
}

export interface Option {
  evidence?: string[];
  against?: string[];
  note?: string;
  name?: string;
  not_named?: string;
  undone?: string;
}

export interface Payoff {
  state: string;
  payoff: string;
}

export interface Preference {
  evidence?: string[];
  against?: string[];
  note?: string;
  when: string;
  confidence?: string;
  strength?: "mild" | "strong";
  unknown?: boolean;
}

export interface Ranking {
  evidence?: string[];
  against?: string[];
  note?: string;
  order?: string[][];
  known?: string[][][];
}

export interface Rule {
  evidence?: string[];
  against?: string[];
  note?: string;
  never?: string;
  always?: string;
  at_most_one?: string[];
  at_least_one?: string[];
  exactly_one?: string[];
  if?: string;
  then?: string;
}

export interface Skipped {
  source: string;
  quote?: string;
  spans?: unknown;
  reason?: string;
  speaker_text?: string;
  cue?: string;
}

export interface Source {
  id: string;
  title?: string;
  publisher?: string;
  date?: string;
  file?: string;
}

export interface State {
  evidence?: string[];
  against?: string[];
  note?: string;
  taken?: string[];
}

export interface Statement {
  id: string;
  source?: string;
  speaker?: string;
  kind?: "demand" | "offer" | "refusal" | "threat" | "commitment" | "condition" | "claim" | "justification" | "withdrawal" | "denial";
  quote?: string;
  spans?: unknown;
  prefix?: string;
  suffix?: string;
  reported_by?: string;
  date_said?: string;
  nested_in?: string;
  contested_by?: string[];
  withdrawn_by?: string[];
  in_doubt?: boolean;
  copy_of?: string;
  proposed?: boolean;
}

export interface Thresholds {
  satisficing?: string;
  alpha?: string;
  beta?: string;
  gamma?: string;
}

export interface View {
  evidence?: string[];
  against?: string[];
  note?: string;
  does_not_see?: string[];
  believes?: Record<string, Belief>;
}

export interface Weight {
  evidence?: string[];
  against?: string[];
  note?: string;
  when: string;
  weight: string;
}

export interface Conflict {
  title: string;
  summary?: string;
  as_of?: string;
  citation?: string[];
  notes?: string;
  decision_makers: Record<string, DecisionMaker>;
  rules?: Rule[];
  one_way?: Record<string, OneWay>;
  merge?: Merge[];
  status_quo?: State;
  history?: Act[];
  states?: Record<string, State>;
  coalitions?: string[][];
  views?: Record<string, View>;
  speakers?: Record<string, string>;
  sources?: Source[];
  statements?: Statement[];
  skipped?: Skipped[];
  links?: Link[];
}

/** The fields of each element that hold a list. */
export const LISTS = {
  Act: ["evidence", "against", "takes", "drops"],
  Belief: ["evidence", "against"],
  DecisionMaker: ["evidence", "against"],
  Merge: ["evidence", "against"],
  OneWay: ["evidence", "against"],
  Option: ["evidence", "against"],
  Preference: ["evidence", "against"],
  Ranking: ["evidence", "against"],
  Rule: ["evidence", "against"],
  State: ["evidence", "against"],
  Statement: ["contested_by", "withdrawn_by"],
  View: ["evidence", "against", "does_not_see"],
  Weight: ["evidence", "against"],
  Conflict: ["citation", "rules", "merge", "history", "coalitions", "sources", "statements", "skipped", "links"],
} as const;
