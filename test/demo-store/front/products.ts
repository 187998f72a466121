/** The shop's wares. Prices in cents; ids as Shopify writes them, because the resource picker hands them to the app. */
export type Product = {
  id: string;
  handle: string;
  title: string;
  text: string;
  price: number;
  shape: "vase" | "bowl" | "mug" | "plate" | "jug" | "pot";
  glaze: string;
  collection: "table" | "home";
};

export const products: Product[] = (
  [
    [
      "tall-vase",
      "Tall vase, rain grey",
      "Thrown in one piece, 31 cm, glazed inside.",
      8900,
      "vase",
      "#8a97a3",
      "home",
    ],
    [
      "breakfast-bowl",
      "Breakfast bowl, oat",
      "Half a litre. Fits in the hand and in the dishwasher.",
      3200,
      "bowl",
      "#d9c7a3",
      "table",
    ],
    [
      "morning-mug",
      "Morning mug, moss",
      "0.3 l with room for three fingers in the handle.",
      2600,
      "mug",
      "#77876a",
      "table",
    ],
    [
      "supper-plate",
      "Supper plate, chalk",
      "26 cm, with a rim that stops the gravy.",
      3800,
      "plate",
      "#e7e2d8",
      "table",
    ],
    [
      "water-jug",
      "Water jug, river blue",
      "One litre and a half, pours without dripping.",
      5400,
      "jug",
      "#5b7f97",
      "table",
    ],
    [
      "herb-pot",
      "Herb pot, terracotta",
      "With a saucer. Basil included in spring.",
      2900,
      "pot",
      "#b5694a",
      "home",
    ],
  ] as const
).map(([handle, title, text, price, shape, glaze, collection], index) => ({
  id: `gid://shopify/Product/${8_100_000_000_001 + index}`,
  handle,
  title,
  text,
  price,
  shape,
  glaze,
  collection,
}));
