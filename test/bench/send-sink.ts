/** A mail server that only counts: SMTP over `node:net` with PIPELINING, no parsing beyond what the protocol needs. */
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { answer, receiveTask } from "./child.ts";

export type SinkAnswer = { port: number } | { taken: number };

const endOfData = Buffer.from("\r\n.\r\n");
const go = Buffer.from("354 go on\r\n");
const ok = Buffer.from("250 2.0.0 ok\r\n");
let taken = 0;

function serve(socket: Socket): void {
  socket.setNoDelay(true);
  socket.on("error", () => undefined);
  let inBody = false;
  /** What is left of the chunk before: a part of a line, or the last bytes of a body. */
  let rest: Buffer = Buffer.alloc(0);
  socket.write("220 sink\r\n");
  socket.on("data", (piece: Buffer) => {
    const chunk = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const replies: Buffer[] = [];
    let at = 0;
    let ending = false;
    while (at < chunk.length) {
      if (inBody) {
        const end = chunk.indexOf(endOfData, at);
        if (end < 0) {
          at = Math.max(at, chunk.length - endOfData.length + 1);
          break;
        }
        at = end + endOfData.length;
        inBody = false;
        taken += 1;
        replies.push(ok);
        continue;
      }
      const end = chunk.indexOf("\r\n", at);
      if (end < 0) break;
      const verb = chunk[at]! & 0xdf;
      if (verb === 0x45)
        replies.push(Buffer.from("250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"));
      else if (verb === 0x44) {
        replies.push(go);
        inBody = true;
      } else replies.push(ok);
      ending = verb === 0x51;
      at = end + 2;
    }
    rest = chunk.subarray(at);
    if (replies.length > 0) socket.write(Buffer.concat(replies));
    if (ending) socket.end();
  });
}

await receiveTask();
const server = createServer(serve);
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
await answer({ port: (server.address() as AddressInfo).port } satisfies SinkAnswer);
process.on("message", () => void answer({ taken } satisfies SinkAnswer));
process.on("disconnect", () => process.exit(0));
