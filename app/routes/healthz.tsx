import { database } from "../db.server.ts";

/** For the process's supervisor: 200 while the database answers. */
export async function loader() {
  await database().dueIncidents(1);
  return new Response("ok\n", { headers: { "Cache-Control": "no-store", "Content-Type": "text/plain" } });
}
