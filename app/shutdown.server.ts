/** A process that is asked to end begins nothing new, finishes what is under way, and lets go of the database and the queue. */

let ending = false;

/** True from the first signal on. */
export function isEnding(): boolean {
  return ending;
}

/** Runs `finish` at the first SIGTERM or SIGINT, then exits. */
export function onEnding(finish: () => Promise<void>): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => {
      if (ending) return;
      ending = true;
      void finish().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
}
