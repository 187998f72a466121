/** How every bench tells what it measured: a line for people, and a line of JSON for whoever keeps the curve. */

export type Figure = {
  bench: string;
  figure: string;
  value: number;
  unit: string;
  /** The yardstick's own value in the same run, in `floorUnit`; null where there is none. */
  floor: number | null;
  goal: number;
  better: "higher" | "lower";
};

function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}

export function printFigure(figure: Figure, explained: string): void {
  const met = figure.better === "higher" ? figure.value >= figure.goal : figure.value <= figure.goal;
  const value = round(figure.value);
  const goal = `goal ${figure.better === "higher" ? "≥" : "≤"} ${figure.goal}, ${met ? "met" : "missed"}`;
  process.stdout.write(
    `${figure.figure.padEnd(20)} ${value.toLocaleString("en")} ${figure.unit}  (${goal})  ${explained}\n` +
      `${JSON.stringify({ ...figure, value, floor: figure.floor === null ? null : round(figure.floor) })}\n`,
  );
}

/** The value that a share `part` of the samples stays under. */
export function quantile(samples: number[], part: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? 0;
}

export function perSecond(count: number, ms: number): number {
  return (count / ms) * 1000;
}

/** `--name 123` among the arguments. */
export function readNumber(name: string, fallback: number): number {
  const at = process.argv.indexOf(`--${name}`);
  if (at < 0) return fallback;
  const value = Number(process.argv[at + 1]);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} wants a whole number above 0.`);
  return value;
}
