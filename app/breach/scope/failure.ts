/** Why a run yields no list. The merchant reads the sentence under `scope.failure` in the text catalogue. */
export const failureCodes = [
  "exportFailed",
  "exportPartial",
  "exportCanceled",
  "exportExpired",
  "accessDenied",
  "badLine",
  "countMismatch",
  "truncated",
  "linkExpired",
] as const;
export type FailureCode = (typeof failureCodes)[number];

export class RunFailure extends Error {
  readonly code: FailureCode;
  readonly values: Record<string, string | number>;
  constructor(code: FailureCode, values: Record<string, string | number> = {}) {
    super(`scope run failed: ${code}`);
    this.name = "RunFailure";
    this.code = code;
    this.values = values;
  }
}
