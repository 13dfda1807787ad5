/** Messages from the server: the file has changed on disk, or the progress of a job. */

export interface FileNews {
  file: string;
  digest: string;
}

export interface JobNews {
  job: string;
  state: "running" | "done" | "failed" | "cancelled";
  share: number;
  doing: string;
}

type News = FileNews | JobNews;

export class Live {
  private socket: WebSocket | null = null;
  private wanted: unknown[] = [];
  private pause = 500;

  constructor(private readonly hear: (news: News) => void) {
    this.open();
    addEventListener("pagehide", () => this.socket?.close());
    addEventListener("pageshow", (event) => event.persisted && this.open());
  }

  want(message: { file: string; digest: string } | { job: string }): void {
    if ("file" in message) this.wanted = this.wanted.filter((one) => !("file" in (one as object)));
    this.wanted.push(message);
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  private open(): void {
    const socket = new WebSocket(`ws://${location.host}/live`);
    this.socket = socket;
    socket.addEventListener("open", () => {
      this.pause = 500;
      for (const message of this.wanted) socket.send(JSON.stringify(message));
    });
    socket.addEventListener("message", (event) => this.hear(JSON.parse(String(event.data)) as News));
    socket.addEventListener("close", () => {
      if (this.socket !== socket || document.visibilityState === "hidden") return;
      this.pause = Math.min(this.pause * 2, 30_000);
      window.setTimeout(() => this.socket === socket && this.open(), this.pause);
    });
  }
}
