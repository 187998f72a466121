/**
 * A mail server that fails on request, for tests of everything that sends mail. It keeps what it took, so that a test can compare
 * the sender's belief with the truth: `taken` says whether this server would deliver the message, whatever it answered.
 */
import type { AddressInfo, Socket } from "node:net";
import { createServer } from "node:net";
import { createSecureContext, TLSSocket } from "node:tls";

export const faults = [
  "none",
  "fin-at-rcpt",
  "fin-at-data",
  "421-at-mail",
  "454-at-mail",
  "450-at-rcpt",
  "550-at-rcpt",
  "451-after-dot",
  "421-after-dot",
  "garbage-after-dot",
  "fin-after-dot",
  "rst-after-dot",
  "silence-after-dot",
  "fin-mid-body",
  "deaf-mid-body",
  "250-then-rst",
] as const;
export type Fault = (typeof faults)[number];

export type Transaction = {
  connection: number;
  fault: Fault;
  mail: string;
  rcpt: string;
  /** Bytes between 354 and the final dot, dots undone; null when the final dot never came. */
  body: Buffer | null;
  taken: boolean;
};

export type FaultServerOptions = {
  /** The fault of the n-th MAIL since the start, from 0, and of the connection it comes on. */
  fault?: (transaction: number, connection: number) => Fault;
  greeting?: string;
  /** Extensions after EHLO; null = EHLO is not known (502), HELO is. */
  extensions?: string[] | null;
  /** Extensions after TLS, when they differ. */
  secureExtensions?: string[];
  tls?: { key: string; cert: string; implicit?: boolean };
  /** Replies that stand in for the usual ones, by the command's first word in capitals. Raw bytes: CRLF included. */
  replies?: Record<string, string>;
  /** Answers after AUTH's last line. */
  authReply?: string;
};

export type FaultServer = {
  port: number;
  transactions: Transaction[];
  /** Every line the server read outside of message bodies, in order, all connections. */
  commands: string[];
  connections: number;
  /** Sends raw bytes on every open connection, unasked. */
  interject(bytes: string): void;
  close(): Promise<void>;
};

const usualExtensions = ["8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "SIZE 10485760"];

function undoDots(raw: Buffer): Buffer {
  // latin1 maps each byte to one character and back.
  return Buffer.from(raw.toString("latin1").replace(/^\./gm, ""), "latin1");
}

export async function startFaultServer(options: FaultServerOptions = {}): Promise<FaultServer> {
  const open = new Set<Socket>();
  const server: FaultServer = {
    port: 0,
    transactions: [],
    commands: [],
    connections: 0,
    interject(bytes) {
      for (const socket of open) socket.write(bytes);
    },
    close: () =>
      new Promise((resolve) => {
        listener.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
  let started = 0;

  function serve(raw: Socket, connection: number): void {
    let socket = raw;
    let secure = false;
    let buffered = Buffer.alloc(0);
    let mode: "command" | "body" | "auth" | "deaf" = "command";
    let authLines = 0;
    let current: Transaction | null = null;

    function say(text: string): void {
      if (!socket.destroyed) socket.write(text);
    }
    function finish(): void {
      mode = "deaf";
      socket.end();
    }
    function reset(): void {
      mode = "deaf";
      // On TLS too, the reset belongs to the TCP connection.
      setImmediate(() => raw.resetAndDestroy());
    }

    function upgrade(): void {
      secure = true;
      raw.removeAllListeners("data");
      const tls = options.tls;
      const wrapped = new TLSSocket(raw, {
        isServer: true,
        secureContext: createSecureContext({ key: tls?.key, cert: tls?.cert }),
      });
      wrapped.on("error", () => raw.destroy());
      socket = wrapped;
      buffered = Buffer.alloc(0);
      wrapped.on("data", take);
    }

    function command(line: string): void {
      server.commands.push(line);
      const verb = (line.split(" ")[0] ?? "").toUpperCase();
      const standIn = options.replies?.[verb];
      if (standIn !== undefined) {
        say(standIn);
        if (verb === "STARTTLS" && standIn.startsWith("220")) upgrade();
        return;
      }
      const fault = current?.fault ?? "none";
      if (verb === "EHLO") {
        const usual = options.extensions === undefined ? usualExtensions : options.extensions;
        const extensions = secure ? (options.secureExtensions ?? usual) : usual;
        if (extensions === null) say("502 5.5.1 what?\r\n");
        else
          say(
            ["fault.test", ...extensions]
              .map((word, index, all) => `250${index === all.length - 1 ? " " : "-"}${word}\r\n`)
              .join(""),
          );
      } else if (verb === "HELO") say("250 fault.test\r\n");
      else if (verb === "STARTTLS") {
        say("220 2.0.0 go ahead\r\n");
        upgrade();
      } else if (verb === "AUTH") {
        const [, mechanism, initial] = line.split(" ");
        if (mechanism === "PLAIN" && initial) say(options.authReply ?? "235 2.7.0 welcome\r\n");
        else {
          mode = "auth";
          authLines = 0;
          say("334 VXNlcm5hbWU6\r\n");
        }
      } else if (verb === "MAIL") {
        const next = options.fault?.(started, connection) ?? "none";
        started += 1;
        current = { connection, fault: next, mail: line, rcpt: "", body: null, taken: false };
        server.transactions.push(current);
        if (next === "421-at-mail") {
          say("421 4.7.0 too busy for user@secret.test\r\n");
          finish();
        } else if (next === "454-at-mail")
          say("454 4.7.0 Throttling failure: maximum sending rate exceeded\r\n");
        else say("250 2.1.0 ok\r\n");
      } else if (verb === "RCPT") {
        if (current) current.rcpt = line;
        if (fault === "fin-at-rcpt") finish();
        else if (fault === "450-at-rcpt") say("450 4.7.1 Greylisted, try again in 300 seconds\r\n");
        else if (fault === "550-at-rcpt") say("550-5.1.1 <user@secret.test>\r\n550 5.1.1 no such user\r\n");
        else say("250 2.1.5 ok\r\n");
      } else if (verb === "DATA") {
        if (fault === "fin-at-data") finish();
        else {
          mode = "body";
          say("354 go ahead\r\n");
          if (fault === "fin-mid-body") {
            mode = "deaf";
            socket.once("data", () => finish());
          } else if (fault === "deaf-mid-body") {
            mode = "deaf";
            socket.pause();
          }
        }
      } else if (verb === "RSET") {
        current = null;
        say("250 2.0.0 ok\r\n");
      } else if (verb === "QUIT") {
        say("221 2.0.0 bye\r\n");
        finish();
      } else say("500 5.5.2 what?\r\n");
    }

    function endBody(raw: Buffer): void {
      if (!current) return;
      const { fault } = current;
      current.body = undoDots(raw);
      mode = "command";
      current.taken = !["451-after-dot", "421-after-dot"].includes(fault);
      current = null;
      if (fault === "451-after-dot") say("451 4.3.0 try later\r\n");
      else if (fault === "421-after-dot") {
        say("421 4.3.2 shutting down\r\n");
        finish();
      } else if (fault === "garbage-after-dot") say("Segmentation fault\r\n");
      else if (fault === "fin-after-dot") finish();
      else if (fault === "rst-after-dot") reset();
      else if (fault === "silence-after-dot") mode = "deaf";
      else {
        say("250 2.0.0 taken\r\n");
        if (fault === "250-then-rst") reset();
      }
    }

    function take(chunk: Buffer): void {
      buffered = Buffer.concat([buffered, chunk]);
      for (;;) {
        if (mode === "deaf") return;
        if (mode === "body") {
          const empty = buffered.subarray(0, 3).equals(Buffer.from(".\r\n"));
          const end = empty ? 0 : buffered.indexOf("\r\n.\r\n") + 2;
          if (!empty && end === 1) return;
          const body = buffered.subarray(0, end);
          buffered = buffered.subarray(end + 3);
          endBody(Buffer.from(body));
          continue;
        }
        const end = buffered.indexOf("\r\n");
        if (end < 0) return;
        const line = buffered.subarray(0, end).toString("utf8");
        buffered = buffered.subarray(end + 2);
        if (mode === "auth") {
          server.commands.push(line);
          authLines += 1;
          if (authLines === 1) say("334 UGFzc3dvcmQ6\r\n");
          else {
            mode = "command";
            say(options.authReply ?? "235 2.7.0 welcome\r\n");
          }
        } else command(line);
      }
    }

    if (options.tls?.implicit) upgrade();
    else raw.on("data", take);
    say(options.greeting ?? "220 fault.test ready\r\n");
  }

  const listener = createServer((socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => {});
    socket.setNoDelay(true);
    serve(socket, server.connections);
    server.connections += 1;
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  server.port = (listener.address() as AddressInfo).port;
  return server;
}
