/** How long to wait for what, in milliseconds. */
export type Timeouts = {
  /** Name and TCP connection together. */
  connect: number;
  tls: number;
  greeting: number;
  ehlo: number;
  auth: number;
  mail: number;
  rcpt: number;
  /** For 354 after DATA. */
  data: number;
  /** For each piece of the body to be taken. */
  body: number;
  /** For the reply after the final dot: a shorter wait makes duplicates (RFC 1047). */
  dot: number;
  /** RSET and QUIT, where nothing is at stake. */
  farewell: number;
};

const second = 1000;
const minute = 60 * second;

/** RFC 5321 section 4.5.3.2, and sense where it is silent. */
export const lawfulTimeouts: Timeouts = {
  connect: 30 * second,
  tls: minute,
  greeting: 5 * minute,
  ehlo: 5 * minute,
  auth: 2 * minute,
  mail: 5 * minute,
  rcpt: 5 * minute,
  data: 2 * minute,
  body: 3 * minute,
  dot: 10 * minute,
  farewell: 10 * second,
};
