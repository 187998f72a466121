/** One SMTP connection as bytes: replies in the order they came, a deadline on every wait, TLS put on in place. */
import type { Socket } from "node:net";
import { isIP } from "node:net";
import type { TLSSocket } from "node:tls";
import { connect as connectTls } from "node:tls";
import type { Reply } from "./reply.ts";
import { ReplyParser } from "./reply.ts";

/** The connection is of no more use: closed, silent for too long, or not speaking SMTP. */
export class WireBroken extends Error {
  constructor() {
    super("connection lost");
    this.name = "WireBroken";
  }
}

export type TlsOptions = { host: string; ca: string | Buffer | undefined; timeoutMs: number };

type Waiter = { resolve(reply: Reply): void; reject(error: WireBroken): void; timer: NodeJS.Timeout };

// More replies than anybody asked for; a server that floods is cut off.
const maxWaitingReplies = 64;
const chunkOctets = 65_536;

function ignore(): void {}

export class Wire {
  #socket: Socket;
  #parser = new ReplyParser();
  #replies: Reply[] = [];
  #waiter: Waiter | null = null;
  #broken = false;
  #onData = (chunk: Buffer) => this.#take(chunk);
  #onGone = () => this.#break();

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
    this.#listen();
  }

  /** Nothing more can be asked on this connection. Replies that came before the end can still be read. */
  get broken(): boolean {
    return this.#broken;
  }

  /** The code of a reply nobody has read yet, 0 for an unfinished one, null for none. */
  get waitingCode(): number | null {
    return this.#replies[0]?.code ?? (this.#parser.partial ? 0 : null);
  }

  get localAddress(): string {
    return this.#socket.localAddress ?? "127.0.0.1";
  }

  /** The next reply in order. Rejects with `WireBroken` when none comes within `timeoutMs`. */
  read(timeoutMs: number): Promise<Reply> {
    const ready = this.#replies.shift();
    if (ready) return Promise.resolve(ready);
    if (this.#broken) return Promise.reject(new WireBroken());
    return new Promise((resolve, reject) => {
      const timer = setTimeout(this.#onGone, timeoutMs);
      this.#waiter = { resolve, reject, timer };
    });
  }

  /** One command line, which the caller has made sure holds no line break of its own. */
  writeLine(line: string): void {
    if (/[\r\n\0]/.test(line)) throw new Error("a command must be one line");
    if (!this.#broken) this.#socket.write(`${line}\r\n`);
  }

  /**
   * A message body in pieces, each taken by the system within `timeoutMs`. Stops and breaks the connection when `mayGoOn` says no
   * before a piece. Answers whether all of it went out.
   */
  async writeBody(body: Buffer, timeoutMs: number, mayGoOn: () => boolean): Promise<boolean> {
    for (let start = 0; start < body.length; start += chunkOctets) {
      if (!this.#broken && !mayGoOn()) this.#break();
      if (this.#broken) return false;
      await this.#writeChunk(body.subarray(start, start + chunkOctets), timeoutMs);
    }
    return !this.#broken;
  }

  /**
   * Goes over to TLS. What came in the clear and was not yet read is thrown away: somebody in between may have put it there
   * (CVE-2011-0411 and its kin). Rejects with `WireBroken`, also when the certificate does not hold.
   */
  async startTls(options: TlsOptions): Promise<void> {
    if (this.#broken) throw new WireBroken();
    const plain = this.#socket;
    this.#deafen();
    this.#parser = new ReplyParser();
    this.#replies = [];
    const secure = await new Promise<TLSSocket>((resolve, reject) => {
      const socket = connectTls({
        socket: plain,
        // A name is also sent to the server (SNI); an address is only compared with the certificate.
        ...(isIP(options.host) === 0 ? { servername: options.host } : { host: options.host }),
        ca: options.ca,
        minVersion: "TLSv1.2",
        rejectUnauthorized: true,
      });
      const timer = setTimeout(fail, options.timeoutMs);
      function fail() {
        clearTimeout(timer);
        socket.destroy();
        plain.destroy();
        reject(new WireBroken());
      }
      socket.on("error", fail);
      socket.once("close", fail);
      socket.once("secureConnect", () => {
        clearTimeout(timer);
        socket.off("error", fail);
        socket.off("close", fail);
        socket.on("error", ignore);
        resolve(socket);
      });
    }).catch((error: unknown) => {
      this.#broken = true;
      throw error;
    });
    this.#socket = secure;
    this.#listen();
  }

  destroy(): void {
    this.#break();
  }

  #listen(): void {
    this.#socket.on("error", this.#onGone);
    this.#socket.on("end", this.#onGone);
    this.#socket.on("close", this.#onGone);
    this.#socket.on("data", this.#onData);
  }

  #deafen(): void {
    this.#socket.on("error", ignore);
    this.#socket.off("error", this.#onGone);
    this.#socket.off("end", this.#onGone);
    this.#socket.off("close", this.#onGone);
    this.#socket.off("data", this.#onData);
    this.#socket.pause();
  }

  #writeChunk(chunk: Buffer, timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(this.#onGone, timeoutMs);
      this.#socket.write(chunk, (error) => {
        clearTimeout(timer);
        if (error) this.#break();
        resolve();
      });
    });
  }

  #take(chunk: Buffer): void {
    for (const reply of this.#parser.push(chunk)) {
      const waiter = this.#waiter;
      if (waiter) {
        this.#waiter = null;
        clearTimeout(waiter.timer);
        waiter.resolve(reply);
      } else {
        this.#replies.push(reply);
      }
    }
    if (this.#parser.broken || this.#replies.length > maxWaitingReplies) this.#break();
  }

  #break(): void {
    this.#broken = true;
    this.#socket.destroy();
    const waiter = this.#waiter;
    this.#waiter = null;
    if (!waiter) return;
    clearTimeout(waiter.timer);
    waiter.reject(new WireBroken());
  }
}
