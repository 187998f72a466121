/**
 * Hands messages to a mail server: our own SMTP client (RFC 5321), because what became of a message depends on whether 354 was seen
 * before the connection broke, and the libraries don't say.
 *
 * One recipient per transaction, many transactions per connection. A deliver() on a connection that has meanwhile ended answers
 * `retry` at stage "connect" without calling `beforeData`: open another one. TLS with a checked certificate, unless the
 * settings say "none" and the host:port is on the allow-list.
 */
import type { MailConnection, MailSettings, MailTransport, Verdict } from "../breach/ports.ts";
import type { NetAllow } from "./net-guard.server.ts";
import { dial, isAllowListed, mailPorts, NetRefused } from "./net-guard.server.ts";
import type { Extensions } from "./smtp/login.server.ts";
import { login } from "./smtp/login.server.ts";
import { MailRefused } from "./smtp/refused.ts";
import type { Timeouts } from "./smtp/timeouts.ts";
import { lawfulTimeouts } from "./smtp/timeouts.ts";
import { runTransaction } from "./smtp/transaction.server.ts";
import { judgeSilence } from "./smtp/verdict.ts";
import { Wire, WireBroken } from "./smtp/wire.server.ts";

export { MailRefused } from "./smtp/refused.ts";
export type { Timeouts } from "./smtp/timeouts.ts";

export type MailTransportOptions = {
  /** "host:port" entries that may be private, on any port, and spoken to in the clear. */
  allow: NetAllow;
  /** Milliseconds; RFC 5321 section 4.5.3.2 where left out. */
  timeouts?: Partial<Timeouts>;
  /** Our name in EHLO; our address as a literal when left out. */
  hostname?: string;
  /** Certificate authorities to trust instead of the system's, PEM. */
  ca?: string | Buffer;
};

function openConnection(wire: Wire, extensions: Extensions, timeouts: Timeouts): MailConnection {
  let busy = false;
  return {
    async deliver(envelope, message, beforeData): Promise<Verdict> {
      if (busy) throw new Error("one message at a time on a connection");
      // Whatever the server says between messages is goodbye.
      if (wire.waitingCode !== null) wire.destroy();
      if (wire.broken) return judgeSilence("connect", false);
      busy = true;
      try {
        return await runTransaction(wire, extensions, timeouts, envelope, message, beforeData);
      } finally {
        busy = false;
      }
    },
    async close(): Promise<void> {
      if (!busy && !wire.broken && wire.waitingCode === null) {
        wire.writeLine("QUIT");
        await wire.read(timeouts.farewell).catch((error: unknown) => {
          if (!(error instanceof WireBroken)) throw error;
        });
      }
      wire.destroy();
    },
  };
}

/** The mail port over real sockets. `connect` throws `MailRefused`, an `Outage` of party "mail". */
export function createMailTransport(options: MailTransportOptions): MailTransport {
  const timeouts = { ...lawfulTimeouts, ...options.timeouts };
  const hostname = options.hostname ?? null;
  if (hostname !== null && !/^(?:[A-Za-z0-9.-]+|\[[A-Za-z0-9.:]+\])$/.test(hostname)) {
    throw new Error("hostname is no domain name");
  }
  return {
    async connect(settings: MailSettings): Promise<MailConnection> {
      const { host, port, security } = settings;
      const { allow } = options;
      if (security === "none" && !isAllowListed(host, port, allow)) throw new MailRefused("connect");
      let wire: Wire;
      try {
        wire = new Wire(await dial({ host, port, allow, ports: mailPorts, timeoutMs: timeouts.connect }));
      } catch (error) {
        throw error instanceof NetRefused ? new MailRefused("connect") : error;
      }
      try {
        const extensions = await login(wire, { settings, timeouts, hostname, ca: options.ca });
        return openConnection(wire, extensions, timeouts);
      } catch (error) {
        wire.destroy();
        throw error;
      }
    },
  };
}
