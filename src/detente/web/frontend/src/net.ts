/** Requests to the server; every failure becomes a message that the user can act on. */

export interface Fault {
  message: string;
  line: number | null;
  column: number | null;
  suggestion: string | null;
  /** The word at fault. */
  word: string | null;
  at: (string | number)[];
  file: string | null;
}

/** Another edit that is possible after a refusal, and its effect. */
export interface Offer {
  summary: string;
  edit: Record<string, unknown>;
  button: string;
  effect: string;
}

/** The message of a fault, with the suggestion if it has one. */
export function told(fault: Fault): string {
  return fault.message + (fault.suggestion ? ` — did you mean ‘${fault.suggestion}’?` : "");
}

export class Refused extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly faults: Fault[] = [],
    readonly offer: Offer | null = null,
  ) {
    super(message);
  }
}

async function answered(response: Response): Promise<Response> {
  if (response.ok) return response;
  let message = `the server answered with status ${response.status}`;
  let faults: Fault[] = [];
  let offer: Offer | null = null;
  const text = await response.text();
  try {
    const data = JSON.parse(text) as { message?: string; faults?: Fault[]; offer?: Offer };
    faults = data.faults ?? [];
    offer = data.offer ?? null;
    message = faults.map(told).join("; ") || (data.message ?? message);
  } catch {
    if (text && text.length < 300) message = text;
  }
  throw new Refused(message, response.status, faults, offer);
}

async function reached(address: string, init?: RequestInit): Promise<Response> {
  try {
    return await answered(await fetch(address, init));
  } catch (error) {
    if (error instanceof Refused || (error instanceof DOMException && error.name === "AbortError")) throw error;
    throw new Refused("the server cannot be reached: is 'detente serve' still running?", 0);
  }
}

export async function get<T>(address: string, signal?: AbortSignal): Promise<T> {
  return (await reached(address, { signal })).json() as Promise<T>;
}

export async function send<T>(method: string, address: string, data?: unknown, signal?: AbortSignal): Promise<T> {
  const response = await reached(address, {
    method,
    signal,
    headers: { "content-type": "application/json" },
    body: data === undefined ? undefined : JSON.stringify(data),
  });
  return response.json() as Promise<T>;
}

export async function put<T>(address: string, body: Blob): Promise<T> {
  const response = await reached(address, { method: "PUT", body });
  return response.json() as Promise<T>;
}

/** A part of a page, rendered by the server, which inserts text of the dispute as text only. */
export async function part(address: string, data?: unknown, signal?: AbortSignal): Promise<string> {
  const response = await reached(
    address,
    data === undefined
      ? { signal }
      : { method: "POST", signal, headers: { "content-type": "application/json" }, body: JSON.stringify(data) },
  );
  return response.text();
}

export function query(values: Record<string, string | number | string[]>): string {
  const made = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== "") made.append(key, String(one));
  }
  return made.toString();
}
