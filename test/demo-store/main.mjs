/**
 * `npm run demo`, up to the point where packages are installed and Node 24 can take over (launch.ts). Imports nothing that isn't in
 * Node 20.
 */
import { spawn } from "node:child_process";
import path from "node:path";
import { Trouble, checkMachine, install, nodeBinary, passSignals, root, toolEnv } from "../install.mjs";

function say(line) {
  console.log(line);
}

/** Hands the terminal to Node 24, in a process group of its own: Ctrl-C reaches this process alone, which passes it on once. */
function launch() {
  const child = spawn(
    nodeBinary(),
    [path.join(root, "test/demo-store/launch.ts"), ...process.argv.slice(2)],
    {
      cwd: root,
      env: toolEnv(),
      stdio: ["ignore", "inherit", "inherit"],
      detached: true,
    },
  );
  const release = passSignals(child, 45_000);
  child.on("error", (error) => fail(new Trouble(`Node could not be started (${error.message}).`)));
  child.on("exit", (code) => {
    release();
    process.exit(code ?? 1);
  });
}

function fail(error) {
  if (!(error instanceof Trouble)) throw error;
  console.error(error.message);
  process.exit(1);
}

try {
  if (process.argv.includes("--help")) {
    say("npm run demo -- [--customers N] [--with-incidents] [--reset] [--port BASE]");
  } else {
    checkMachine();
    await install(say);
    launch();
  }
} catch (error) {
  fail(error);
}
