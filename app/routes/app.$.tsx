import type { LoaderFunctionArgs } from "@remix-run/node";
import { requireCaller } from "../context.server.ts";

/** An address that leads nowhere, answered inside the admin like every other page. */
export async function loader({ request }: LoaderFunctionArgs) {
  await requireCaller(request);
  throw new Response(null, { status: 404 });
}

export default function Nowhere() {
  return null;
}
