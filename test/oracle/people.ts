/**
 * Who is affected, by brute force over the generator's own records. Shares no code with `app/`: quadratic where the app is clever, and
 * written from the merging rule as a merchant would read it:
 *   - an order belongs to its customer; a guest is whoever has that e-mail address, else (without one) that phone number, else nobody knows;
 *   - spelling (case, spaces, composed or decomposed letters, a domain in its own script) does not make another person.
 */
import { domainToASCII } from "node:url";
import type { CustomerRecord, OrderRecord } from "../demo-store/generator/records.ts";

export type OraclePerson = {
  customerId: number | null;
  email: string | null;
  phones: Set<string>;
  records: number;
  country: string | null;
};

export function sameMailbox(written: string | null): string | null {
  if (written === null) return null;
  const text = written.trim().normalize("NFC").toLowerCase();
  const parts = text.split("@");
  if (
    parts.length !== 2 ||
    parts[0] === "" ||
    /[\s<>"(),:;\\[\]]/u.test(text) ||
    /^\.|\.$|\.\./.test(parts[0]!)
  )
    return null;
  const domain = domainToASCII(parts[1]!);
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(domain)) return null;
  return `${parts[0]}@${domain}`;
}

export function sameNumber(written: string | null): string | null {
  if (written === null) return null;
  const digits = written.replace(/[^+\d]/g, "");
  return /^\+[1-9]\d{6,14}$/.test(digits) ? digits : null;
}

type Sight = { customer: CustomerRecord | null; order: OrderRecord | null };

/** `customers` null: only orders count. */
export function findPeople(
  customers: CustomerRecord[] | null,
  orders: OrderRecord[],
  byIndex: (index: number) => CustomerRecord,
): OraclePerson[] {
  const people: OraclePerson[] = [];
  const sights: Sight[] = [
    ...(customers ?? []).map((customer) => ({ customer, order: null })),
    ...orders.map((order) => ({ customer: order.customer === null ? null : byIndex(order.customer), order })),
  ];
  // Known customers first, each once, under their own address, else that of their latest order which has one.
  const latest = new Map<OraclePerson, { at: number; id: number }>();
  for (const { customer, order } of sights) {
    if (customer === null) continue;
    const own = sameMailbox(customer.email);
    let person = people.find((each) => each.customerId === customer.id);
    if (person === undefined) {
      person = { customerId: customer.id, email: null, phones: new Set(), records: 0, country: null };
      people.push(person);
    }
    person.records += 1;
    const ordered = order === null ? null : sameMailbox(order.email);
    if (own !== null) person.email = own;
    else if (order !== null && ordered !== null) {
      const before = latest.get(person);
      const at = Date.parse(order.createdAt);
      if (before === undefined || at > before.at || (at === before.at && order.id > before.id)) {
        latest.set(person, { at, id: order.id });
        person.email = ordered;
      }
    }
    const phone = sameNumber(customer.phone ?? order?.phone ?? null);
    if (phone !== null) person.phones.add(phone);
  }
  for (const { customer, order } of sights) {
    if (customer !== null || order === null) continue;
    const email = sameMailbox(order.email);
    const phone = email === null ? sameNumber(order.phone) : null;
    let person =
      email !== null
        ? people.find((each) => each.email === email)
        : phone !== null
          ? (people.find((each) => each.email === null && each.phones.has(phone)) ?? undefined)
          : undefined;
    if (person === undefined) {
      person = {
        customerId: null,
        email,
        phones: new Set(phone === null ? [] : [phone]),
        records: 0,
        country: null,
      };
      people.push(person);
    }
    person.records += 1;
  }
  return people;
}

/** Orders of whole local days, decided by the calendar a wall clock in that zone shows. */
export function ordersOfDays(
  orders: Iterable<OrderRecord>,
  from: string,
  to: string,
  zone: string,
): OrderRecord[] {
  const day = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  return [...orders].filter((order) => {
    const local = day.format(new Date(order.createdAt));
    return local >= from && local <= to && !order.test;
  });
}
