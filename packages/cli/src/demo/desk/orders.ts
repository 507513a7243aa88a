/** An order of the shop. */
export interface Order {
  readonly id: string;
  readonly customer: string;
  readonly item: string;
  readonly total_usd: number;
  readonly status: "delivered" | "in transit" | "preparing";
  readonly days_since_delivery: number;
}

const ORDERS: readonly Order[] = [
  order("A-1001", "ana", "stoneware mug, ocean blue", 24.5, 4),
  order("A-1003", "ben", "pour-over set", 58, -1),
  order("A-1005", "chiara", "glass teapot", 41.9, 9),
  order("A-1007", "dmitri", "espresso cups, set of six", 36, 2),
  order("A-1009", "eve", "travel kettle", 79, 64),
  order("A-1011", "francois", "théière en fonte", 88, 1),
];

function order(id: string, customer: string, item: string, total: number, days: number): Order {
  const status = days < 0 ? "in transit" : "delivered";
  return { id, customer, item, total_usd: total, status, days_since_delivery: Math.max(0, days) };
}

/** The order with this number. Throws when there is none. */
export function lookUpOrder(id: string): Order {
  const found = ORDERS.find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`There is no order ${id}.`);
  return found;
}

/** A paid refund. */
export interface Refund {
  readonly order_id: string;
  readonly amount_usd: number;
  readonly status: "paid";
}

/** Pays a refund. The payment provider of one order never answers. */
export function issueRefund(orderId: string, amount: number): Refund {
  const { total_usd: total } = lookUpOrder(orderId);
  if (orderId === "A-1007") throw new PaymentTimeout("The payment provider did not answer within 8 s.");
  if (!(amount > 0 && amount <= total)) throw new Error(`A refund for ${orderId} is above 0 and at most ${total} USD.`);
  return { order_id: orderId, amount_usd: amount, status: "paid" };
}

/** The payment provider is away. */
export class PaymentTimeout extends Error {
  override readonly name = "PaymentTimeout";
}
