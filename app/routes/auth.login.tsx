import { redirect } from "@remix-run/node";

/** Where Shopify's library sends whoever names no shop. There is nothing to log in to: the app opens from the Shopify admin. */
export function loader() {
  throw redirect("/");
}
