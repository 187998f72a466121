/** How large a notice's letters are on the wire, from one of them made again. */
import { buildMessage } from "../../app/breach/notice/mime.server.ts";
import { inventAddressee, letterSchema, renderSample } from "../../app/breach/notice/notice.ts";
import type { Caller } from "../../app/breach/ports.ts";

export async function measureLetter(caller: Caller, notice: string): Promise<number> {
  return caller.transact(async (ctx) => {
    const row = await ctx.db.noticeVersion.findFirstOrThrow({
      where: { noticeId: notice },
      orderBy: { version: "desc" },
    });
    const date = new Date();
    const letter = renderSample(
      letterSchema.parse(row.letter),
      { shopName: ctx.shop.name, letterDate: { at: date, zone: ctx.shop.timeZone } },
      inventAddressee(["name", "email", "postal_address", "order_history"]),
    );
    return buildMessage({
      from: { name: "Shop A", address: "letters@shop.example" },
      to: { name: null, address: "somebody@mail.example" },
      replyTo: null,
      ...letter,
      messageId: "<1@shop.example>",
      date,
    }).length;
  });
}
