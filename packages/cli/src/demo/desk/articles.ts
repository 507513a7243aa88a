/** A page of the shop's help. */
export interface Article {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

/** The shop's help pages. */
export const ARTICLES: readonly Article[] = [
  {
    id: "refunds-damaged",
    title: "Refund rules for damaged items",
    text: "Items that arrive broken, cracked or damaged are refunded in full within 30 days of delivery. A photo is not needed below 100 US dollars. The customer keeps the item.",
  },
  {
    id: "refunds-late",
    title: "Refund rules for late parcels",
    text: "A parcel that is more than ten days late may be refunded in full. Below ten days we offer to pay back the shipping cost.",
  },
  {
    id: "tracking",
    title: "Tracking a parcel",
    text: "Every parcel has a tracking link in the shipping message. It shows the first scan up to 24 hours after the parcel has left us. Parcels in transit usually arrive within three to five working days.",
  },
  {
    id: "shipping-abroad",
    title: "Shipping to other countries",
    text: "We ship abroad to the European Union, the United Kingdom, Switzerland, Norway and Canada. Shipping to Norway costs 14 US dollars and takes six to eight working days; customs are paid by the receiver.",
  },
  {
    id: "dishwasher",
    title: "Care: dishwasher and microwave",
    text: "Stoneware and porcelain may go into the dishwasher and the microwave. Cast iron must not: wipe it with warm water and dry it at once.",
  },
  {
    id: "gift-cards",
    title: "Gift cards",
    text: "Gift cards are sent by mail within minutes and are valid for three years. They cannot be exchanged for cash.",
  },
  {
    id: "gift-wrapping",
    title: "Gift box and wrapping",
    text: "A gift box costs 4 US dollars for each item and can be chosen in the basket. It can be added to an order as long as the order is being prepared.",
  },
  {
    id: "payment",
    title: "Ways to pay",
    text: "We take credit cards, bank transfer and the usual wallets. The card is charged when the parcel leaves us.",
  },
  {
    id: "returns",
    title: "Returning an item you do not like",
    text: "Unused items can be sent back within 30 days. The return label is in the parcel; the refund is paid when the item has arrived.",
  },
  {
    id: "stores",
    title: "Stores and opening hours",
    text: "Our store in Portland is open from Tuesday to Saturday, 10 to 18. There is no other store at present.",
  },
];
