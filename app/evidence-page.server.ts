/** What a page that shows one stream of the record needs. */
import { z } from "zod";
import type { Event, Json, Stream } from "./breach/evidence/evidence.ts";
import { readTimeline } from "./breach/evidence/evidence.server.ts";
import { readStaffNames } from "./breach/team/team.server.ts";
import type { Actor, Context } from "./breach/ports.ts";
import type { TimelineEvent } from "./components/timeline.tsx";

const pageSize = 30;
const beforeSchema = z.coerce.number().int().positive().nullable().catch(null);

function nameOf(actor: Json, names: Map<string, string>): TimelineEvent["who"] {
  const known = actor as Actor;
  if (known.kind !== "staff") return { kind: known.kind, name: "" };
  return { kind: "staff", name: names.get(known.userId) ?? "" };
}

function view({ stream: _stream, actor, ...event }: Event, names: Map<string, string>): TimelineEvent {
  return { ...event, who: nameOf(actor, names) };
}

/** One page of a stream as `?before=<seq>` asks for it, newest first. */
export async function readEvidencePage(ctx: Context, stream: Stream, url: string) {
  const before = beforeSchema.parse(new URL(url).searchParams.get("before"));
  const names = await readStaffNames(ctx);
  const rows = await readTimeline(ctx, stream, before, pageSize + 1);
  const events = rows.slice(0, pageSize).map((row) => view(row, names));
  return { events, newer: before !== null, older: rows.length > pageSize, zone: ctx.shop.timeZone };
}
