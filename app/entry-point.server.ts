import { realpathSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** Whether a module was started by itself (`node app/x.server.ts`), through whatever links and spaces in the path. */
export function isEntryPoint(url: string): boolean {
  const [, started] = process.argv;
  return started !== undefined && url === pathToFileURL(realpathSync(started)).href;
}
