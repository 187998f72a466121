/**
 * A shop's customers and orders as a function of its seed. Nothing is kept: any record can be computed from its index, so a
 * million of them cost no memory. Orders are numbered in the order they were placed.
 */
import { findMidnights, lowerBound } from "./calendar.ts";
import { createPermutation, hash, hashText, rollDice } from "./dice.ts";
import { makeOtherAddress, makePerson, type Person, type PostalAddress, respell } from "./people.ts";

export type StoreSize = {
  domain: string;
  timeZone: string;
  /** ISO 3166-1 alpha-2; about a third of the buyers live here. */
  countryCode: string;
  customers: number;
  orders: number;
  seed: number;
  /** The instant the shop's history ends, ISO 8601; default: the start of today, UTC. */
  anchor?: string;
};

export type CustomerRecord = Person & {
  index: number;
  /** The number inside the gid. */
  id: number;
  state: "DISABLED" | "ENABLED" | "INVITED" | "DECLINED";
  createdAt: string;
  updatedAt: string;
  tags: string[];
  note: string | null;
  numberOfOrders: number;
};

export type OrderRecord = {
  index: number;
  id: number;
  /** "#1001" is the oldest. */
  name: string;
  email: string | null;
  phone: string | null;
  createdAt: string;
  cancelledAt: string | null;
  test: boolean;
  sourceName: string;
  gateways: string[];
  tags: string[];
  locale: string | null;
  /** Index of the customer it belongs to; null for guests and for the till. */
  customer: number | null;
  shipping: PostalAddress | null;
  billing: PostalAddress | null;
  /** In the shop currency's hundredth. */
  total: number;
};

export type Records = {
  size: Required<StoreSize>;
  customerAt(index: number): CustomerRecord;
  /** Who a customer is, without what depends on their orders. */
  personAt(index: number): Person;
  orderAt(index: number): OrderRecord;
  /** Epoch milliseconds, never descending with the index. */
  orderTime(index: number): number;
  /** Index of the first order placed at or after the instant; the number of orders when there is none. */
  firstOrderFrom(instant: number): number;
  /** Indexes of a customer's orders, oldest first. */
  ordersOf(customer: number): number[];
  countOrdersOf(customer: number): number;
  customerId(index: number): number;
  customerIndex(id: number): number | null;
  orderIndex(id: number): number | null;
  customers(): Iterable<CustomerRecord>;
  orders(): Iterable<OrderRecord>;
};

const stream = {
  customer: 1,
  trait: 2,
  order: 3,
  time: 4,
  guest: 5,
  slots: 6,
  ranks: 7,
  midnight: 8,
  twin: 9,
};
const dayMs = 86_400_000;
const historyDays = 400;
/** Of 100 orders 74 belong to customers, 20 to guests, 6 went over the till without a name. */
const shares = { known: 0.74, guest: 0.2 };
const twinEvery = 200;

export function createRecords(shop: StoreSize): Records {
  const anchor = shop.anchor ?? new Date(Math.floor(Date.now() / dayMs) * dayMs).toISOString();
  const size: Required<StoreSize> = { ...shop, anchor };
  const { seed, customers, orders, countryCode } = size;
  const end = Date.parse(anchor);
  const start = end - historyDays * dayMs;
  const midnights = findMidnights(size.timeZone, start, end);
  // Ids must differ between shops: a leak from one tenant to another would otherwise go unseen.
  const idSpace = (hashText(size.domain) % 900) * 1_000_000_000;
  const customerBase = 7_000_000_000_000 + idSpace;
  const orderBase = 5_000_000_000_000 + idSpace;

  const known = customers === 0 ? 0 : Math.floor(orders * shares.known);
  const guests = Math.floor(orders * shares.guest);
  const active = Math.min(customers, Math.ceil(customers * 0.8));
  const slots = createPermutation(Math.max(orders, 1), seed, stream.slots);
  const ranks = createPermutation(Math.max(customers, 1), seed, stream.ranks);

  /** Slots [firstSlot(r), firstSlot(r+1)) belong to the customer of rank r: a few buy a lot, most once or twice. */
  const firstSlot = (rank: number) => (rank >= active ? known : Math.ceil(known * Math.sqrt(rank / active)));
  function rankOfSlot(slot: number): number {
    let rank = Math.min(active - 1, Math.floor(active * (slot / known) ** 2));
    while (rank > 0 && firstSlot(rank) > slot) rank--;
    while (firstSlot(rank + 1) <= slot) rank++;
    return rank;
  }

  function rawTime(index: number): number {
    const part = (index + hash(seed, stream.time, index) / 4294967296) / orders;
    return Math.floor((end - historyDays * dayMs * (1 - part) ** 1.5) / 1000) * 1000;
  }
  /** Some days' first order falls on the local midnight itself, some days' last order a second before the next one. */
  function orderTime(index: number): number {
    const raw = rawTime(index);
    const next = lowerBound(midnights.length, (i) => midnights[i]!, raw + 1);
    const day = next - 1;
    const opens = midnights[day];
    const closes = midnights[next];
    const lot = hash(seed, stream.midnight, day) % 8;
    if (
      opens !== undefined &&
      (lot === 0 || lot === 1) &&
      opens >= start &&
      (index === 0 || rawTime(index - 1) < opens)
    )
      return opens;
    const last = index === orders - 1 || rawTime(index + 1) >= (closes ?? Infinity);
    if (closes !== undefined && (lot === 1 || lot === 2) && closes <= end && last) return closes - 1000;
    return raw;
  }
  const firstOrderFrom = (instant: number) => lowerBound(orders, orderTime, instant);

  let lastPerson: { index: number; person: Person } | null = null;
  function personAt(index: number): Person {
    if (lastPerson?.index !== index) lastPerson = { index, person: findPerson(index) };
    return lastPerson.person;
  }
  function findPerson(index: number): Person {
    const person = makePerson(seed, stream.customer, index, countryCode, String(index));
    // An import from an older shop system left a few people in twice.
    if (index % twinEvery !== twinEvery - 1) return person;
    const first = makePerson(seed, stream.customer, index - 1, countryCode, String(index - 1));
    if (first.email === null || !first.emailValid) return person;
    return { ...first, email: respell(rollDice(seed, stream.twin, index), first.email), phone: null };
  }

  function slotsOf(customer: number): [from: number, to: number] {
    const rank = ranks.forward(customer);
    return [firstSlot(rank), firstSlot(rank + 1)];
  }
  function countOrdersOf(customer: number): number {
    const [from, to] = slotsOf(customer);
    return to - from;
  }
  function ordersOf(customer: number): number[] {
    const [from, to] = slotsOf(customer);
    const found: number[] = [];
    for (let slot = from; slot < to; slot++) found.push(slots.backward(slot));
    return found.sort((a, b) => a - b);
  }

  function customerAt(index: number): CustomerRecord {
    const person = personAt(index);
    const dice = rollDice(seed, stream.trait, index);
    const numberOfOrders = countOrdersOf(index);
    const long = Math.floor((start - dice.below(700) * dayMs - dice.below(dayMs)) / 1000) * 1000;
    let created = long;
    if (numberOfOrders === 0) created = Math.floor((end - dice.unit() * 900 * dayMs - 1000) / 1000) * 1000;
    else if (numberOfOrders <= 3 && dice.chance(0.7))
      created = orderTime(ordersOf(index)[0]!) - dice.below(900) * 1000;
    const updated = Math.floor((created + dice.unit() * (end - created)) / 1000) * 1000;
    const tags: string[] = [];
    if (person.b2b) tags.push("B2B", "wholesale");
    if (dice.chance(0.1)) tags.push("newsletter");
    if (dice.chance(0.04)) tags.push("VIP");
    const state = dice.unit();
    return {
      ...person,
      index,
      id: customerBase + index,
      state: state < 0.55 ? "DISABLED" : state < 0.9 ? "ENABLED" : state < 0.98 ? "INVITED" : "DECLINED",
      createdAt: new Date(created).toISOString(),
      updatedAt: new Date(updated).toISOString(),
      tags,
      note: dice.chance(0.02)
        ? 'Called on Friday, "urgent"; wants <b>gift wrap</b>\nand no phone calls'
        : null,
      numberOfOrders,
    };
  }

  function orderAt(index: number): OrderRecord {
    const dice = rollDice(seed, stream.order, index);
    const slot = slots.forward(index);
    const createdAt = orderTime(index);
    const test = dice.chance(0.015);
    const cancelled = dice.chance(0.03);
    const total = 490 + dice.below(24_000);
    const channel = dice.unit();
    const paid = dice.unit();
    const base = {
      index,
      id: orderBase + index,
      name: `#${1001 + index}`,
      createdAt: new Date(createdAt).toISOString(),
      cancelledAt: cancelled
        ? new Date(Math.min(end, createdAt + (1 + dice.below(72)) * 3_600_000)).toISOString()
        : null,
      test,
      total,
    };

    if (slot >= known + guests) {
      return {
        ...base,
        email: null,
        phone: null,
        sourceName: "pos",
        gateways: [dice.chance(0.5) ? "cash" : "shopify_payments"],
        tags: [],
        locale: null,
        customer: null,
        shipping: null,
        billing: null,
      };
    }

    let person: Person;
    let customer: number | null = null;
    let email: string | null;
    if (slot < known) {
      customer = ranks.backward(rankOfSlot(slot));
      person = personAt(customer);
      email = person.email;
      const spelling = dice.unit();
      if (email !== null && spelling < 0.05) email = respell(dice, email);
      // A different mailbox for this one order: the customer record and the order disagree.
      else if (spelling < 0.07) email = `orders.k${customer}@example.net`;
      else if (spelling < 0.09) email = null;
    } else {
      const kind = dice.unit();
      if (kind < 0.35 && customers > 0) {
        person = personAt(dice.below(customers));
        email = person.email !== null && dice.chance(0.5) ? respell(dice, person.email) : person.email;
      } else {
        const guest = dice.below(Math.max(1, Math.ceil(guests * 0.5)));
        person = makePerson(seed, stream.guest, guest, countryCode, `_g${guest}`);
        email = person.email !== null && dice.chance(0.25) ? respell(dice, person.email) : person.email;
      }
    }

    const pos = customer !== null && channel < 0.04;
    const shipping = pos
      ? null
      : dice.chance(0.05)
        ? makeOtherAddress(dice, person, countryCode)
        : person.address;
    const billing = dice.chance(0.04) ? null : person.address;
    return {
      ...base,
      email,
      phone: dice.chance(0.2) || email === null ? person.phone : null,
      sourceName: pos
        ? "pos"
        : channel < 0.85
          ? "web"
          : channel < 0.9
            ? "shopify_draft_order"
            : channel < 0.95
              ? "iphone"
              : "1424624",
      gateways: test
        ? ["bogus"]
        : paid < 0.6
          ? ["shopify_payments"]
          : paid < 0.8
            ? ["paypal"]
            : paid < 0.88
              ? ["klarna"]
              : paid < 0.94
                ? ["gift_card", "shopify_payments"]
                : ["manual"],
      tags: person.b2b ? ["B2B"] : [],
      locale: dice.chance(0.06) ? null : person.locale,
      customer,
      shipping,
      billing,
    };
  }

  const within = (index: number, count: number) =>
    Number.isInteger(index) && index >= 0 && index < count ? index : null;
  return {
    size,
    customerAt,
    personAt,
    orderAt,
    orderTime,
    firstOrderFrom,
    ordersOf,
    countOrdersOf,
    customerId: (index) => customerBase + index,
    customerIndex: (id) => within(id - customerBase, customers),
    orderIndex: (id) => within(id - orderBase, orders),
    *customers() {
      for (let i = 0; i < customers; i++) yield customerAt(i);
    },
    *orders() {
      for (let i = 0; i < orders; i++) yield orderAt(i);
    },
  };
}
