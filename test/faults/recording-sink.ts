/** A mail server that writes down each message before it answers, and takes its time: what is on its list was taken, whatever the sender saw. */
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { createHash } from "node:crypto";

export type Taken = { to: string; messageId: string; sha256: string };

export type RecordingSink = {
  port: number;
  taken: Taken[];
  /** Resolves as soon as the list is this long. */
  reached(count: number): Promise<void>;
  close(): Promise<void>;
};

const endOfData = Buffer.from("\r\n.\r\n");

/** `delayMs`: between writing a message down and answering 250, which is where a killed sender is left in doubt. */
export async function startRecordingSink(delayMs: number): Promise<RecordingSink> {
  const taken: Taken[] = [];
  const waiting: { count: number; tell(): void }[] = [];
  const open = new Set<Socket>();

  function serve(socket: Socket): void {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => undefined);
    socket.setNoDelay(true);
    let held = Buffer.alloc(0);
    let inBody = false;
    let to = "";
    socket.write("220 sink\r\n");
    socket.on("data", (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      for (;;) {
        if (inBody) {
          const end = held.indexOf(endOfData);
          if (end < 0) return;
          const body = held.subarray(0, end + 2);
          held = held.subarray(end + endOfData.length);
          inBody = false;
          const messageId = /^Message-ID: (.*)\r$/m.exec(body.toString("latin1"))?.[1] ?? "";
          taken.push({ to, messageId, sha256: createHash("sha256").update(body).digest("hex") });
          for (const each of waiting) if (taken.length >= each.count) each.tell();
          setTimeout(() => socket.write("250 2.0.0 taken\r\n"), delayMs);
          continue;
        }
        const end = held.indexOf("\r\n");
        if (end < 0) return;
        const line = held.subarray(0, end).toString();
        held = held.subarray(end + 2);
        const verb = line.split(" ")[0]?.toUpperCase();
        if (verb === "RCPT") to = /<(.*)>/.exec(line)?.[1] ?? "";
        if (verb === "DATA") inBody = true;
        socket.write(
          verb === "EHLO"
            ? "250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"
            : verb === "DATA"
              ? "354 go on\r\n"
              : verb === "QUIT"
                ? "221 bye\r\n"
                : "250 ok\r\n",
        );
        if (verb === "QUIT") socket.end();
      }
    });
  }

  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    taken,
    reached: (count) =>
      new Promise((resolve) => {
        if (taken.length >= count) resolve();
        else waiting.push({ count, tell: resolve });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}
