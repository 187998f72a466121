import { Outage } from "../../breach/ports.ts";
import type { Stage } from "./verdict.ts";

/**
 * No connection or no login. `stage` tells how far it came ("starttls" stands for TLS of either kind), `code` and `status` are the
 * server's if it answered. Its text, and why a host can't be reached, stay out: they could name a person or map a network.
 */
export class MailRefused extends Outage {
  readonly stage: Stage;
  readonly code: number | null;
  readonly status: string | null;
  constructor(stage: Stage, code: number | null = null, status: string | null = null) {
    super("mail", code === null ? stage : `${stage} ${code}`);
    this.name = "MailRefused";
    this.stage = stage;
    this.code = code;
    this.status = status;
  }
}
