/** A job in the background: start it, show its progress, cancel it. */

import { Live, type JobNews } from "./live";
import { send } from "./net";
import { find, name, when } from "./page";

export class Job {
  private id = "";
  private live: Live | null = null;

  /** `ended` is called with the identifier of a job that is done, has failed or was cancelled. */
  constructor(private readonly ended: (id: string, state: JobNews["state"]) => void) {
    find("#cancel").addEventListener("click", () => {
      if (this.id) void send("DELETE", `/api/jobs/${this.id}`).catch(() => undefined);
    });
  }

  /** Start to answer a question; throws `Refused` if the server refuses. */
  async begin(question: string, given: Record<string, unknown>, text?: string): Promise<void> {
    await this.start("/api/jobs", { question, name, given, text, ...when });
  }

  /** Start the job that a request to an address starts; throws as `begin`. */
  async start(address: string, asked: unknown): Promise<void> {
    const started = await send<{ id: string }>("POST", address, asked);
    this.id = started.id;
    find("#work").hidden = false;
    find<HTMLProgressElement>("#progress").value = 0;
    find("#doing").textContent = "starting";
    this.live ??= new Live((news) => {
      if ("job" in news && news.job === this.id) this.follow(news);
    });
    this.live.want({ job: this.id });
  }

  /** Whether this is the job that was started last. */
  is(id: string): boolean {
    return id === this.id;
  }

  private follow(news: JobNews): void {
    find<HTMLProgressElement>("#progress").value = news.share;
    find("#doing").textContent = news.doing || "working";
    if (news.state === "running") return;
    find("#work").hidden = true;
    this.ended(news.job, news.state);
  }
}
