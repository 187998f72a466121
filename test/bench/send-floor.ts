/** The yardstick: a plain `node:net` client that pipelines ready-made messages, with nothing to render and nothing to write down. */
import { connect } from "node:net";
import { answer, receiveTask } from "./child.ts";

export type FloorTask = { port: number; connections: number; messages: number; bytes: number };
export type FloorAnswer = { ms: number };

const task = await receiveTask<FloorTask>();
const line = `${"x".repeat(74)}\r\n`;
const body = Buffer.from(`Subject: floor\r\n\r\n${line.repeat(Math.ceil(task.bytes / line.length))}.\r\n`);
const head = Buffer.from("MAIL FROM:<letters@shop.example>\r\nRCPT TO:<somebody@mail.example>\r\nDATA\r\n");
let left = task.messages;

function run(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(task.port, "127.0.0.1");
    socket.setNoDelay(true);
    socket.on("error", reject);
    let greeted = 0;
    let partial = "";
    socket.on("data", (chunk) => {
      const lines = (partial + chunk.toString("latin1")).split("\r\n");
      partial = lines.pop() ?? "";
      for (const reply of lines) {
        if (reply.startsWith("220")) socket.write("EHLO floor\r\n");
        else if (greeted < 4) {
          greeted += 1;
          if (greeted === 4) next();
        } else if (reply.startsWith("354")) socket.write(body);
        else if (reply.startsWith("250")) {
          // Three replies of each message: MAIL, RCPT, and the one that counts.
          greeted += 1;
          if ((greeted - 4) % 3 === 0) next();
        }
      }
    });
    function next(): void {
      if (left === 0) {
        socket.end("QUIT\r\n");
        resolve();
        return;
      }
      left -= 1;
      socket.write(head);
    }
  });
}

const started = performance.now();
await Promise.all(Array.from({ length: task.connections }, run));
await answer({ ms: performance.now() - started } satisfies FloorAnswer);
process.disconnect();
