/** The shop's own sender: the mail server that its letters leave through, and the address they come from. */
import { z } from "zod";
import { parseAddress } from "../scope/scope.ts";

const mailbox = z
  .string()
  .trim()
  .refine((text) => parseAddress(text).ok, "email");

export const senderSchema = z
  .object({
    host: z
      .string()
      .trim()
      .toLowerCase()
      .regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, "host"),
    port: z.coerce.number().int().min(1).max(65_535),
    security: z.enum(["implicit", "starttls", "none"]),
    username: z.string().trim().max(254).default(""),
    password: z.string().max(500).default(""),
    fromName: z
      .string()
      .trim()
      .min(1, "empty")
      .max(100)
      .regex(/^[^\p{Cc}<>"]+$/u, "name"),
    fromAddress: mailbox,
    replyTo: z.union([z.literal(""), mailbox]).default(""),
  })
  .refine((sender) => sender.password === "" || sender.username !== "", {
    message: "username",
    path: ["username"],
  });

export type Sender = z.infer<typeof senderSchema>;

/** What the screens see: everything but the password. */
export type SenderView = Omit<Sender, "password"> & { hasPassword: boolean; verifiedAt: Date | null };
