import { createContext } from "react";

/** The nonce of the document being rendered; empty in the browser, which hides it. */
export const NonceContext = createContext("");
