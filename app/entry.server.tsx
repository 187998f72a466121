import { randomBytes } from "node:crypto";
import { PassThrough } from "node:stream";
import { createReadableStreamFromReadable } from "@remix-run/node";
import type { ActionFunctionArgs, EntryContext, LoaderFunctionArgs } from "@remix-run/node";
import { isRouteErrorResponse, RemixServer } from "@remix-run/react";
import { isbot } from "isbot";
import { renderToPipeableStream } from "react-dom/server";
import { NonceContext } from "./components/nonce.ts";
import { secureAnswer, secureDocument } from "./headers.server.ts";
import { log } from "./log.server.ts";
import { addDocumentResponseHeaders } from "./shopify.server.ts";

/** How long a document may take, in milliseconds. */
export const streamTimeout = 10_000;

export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  context: EntryContext,
): Promise<Response> {
  const nonce = randomBytes(16).toString("base64");
  addDocumentResponseHeaders(request, headers);
  secureDocument(headers, nonce);
  headers.set("Content-Type", "text/html; charset=utf-8");
  const waitsForAll = isbot(request.headers.get("user-agent") ?? "");

  return new Promise((resolve, reject) => {
    let answered = false;
    const { pipe, abort } = renderToPipeableStream(
      <NonceContext.Provider value={nonce}>
        <RemixServer context={context} url={request.url} abortDelay={streamTimeout} nonce={nonce} />
      </NonceContext.Provider>,
      {
        nonce,
        [waitsForAll ? "onAllReady" : "onShellReady"]() {
          answered = true;
          const body = new PassThrough();
          resolve(new Response(createReadableStreamFromReadable(body), { status, headers }));
          pipe(body);
        },
        onShellError: reject,
        onError(error) {
          status = 500;
          if (answered) logFault(error);
        },
      },
    );
    setTimeout(abort, streamTimeout + 1000).unref();
  });
}

export function handleDataRequest(response: Response): Response {
  secureAnswer(response.headers);
  return response;
}

/** Bugs and outages, without their messages: a message may quote what it failed on. */
function logFault(error: unknown): void {
  const name = error instanceof Error ? error.name : typeof error;
  const [, where] = error instanceof Error ? (error.stack ?? "").split("\n    at ") : [];
  log().error("web.fault", { name, where: where?.trim() ?? null });
}

export function handleError(error: unknown, { request }: LoaderFunctionArgs | ActionFunctionArgs): void {
  // A page that is not there is an answer.
  if (!request.signal.aborted && !isRouteErrorResponse(error)) logFault(error);
}
