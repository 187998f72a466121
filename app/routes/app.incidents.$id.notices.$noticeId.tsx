import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { advance } from "../breach/checklist/checklist.server.ts";
import { letterField } from "../breach/notice/notice.ts";
import * as notices from "../breach/notice/notice.server.ts";
import { readConfirmedRun } from "../breach/scope/scope.server.ts";
import { readStaffNames } from "../breach/team/team.server.ts";
import type { Context } from "../breach/ports.ts";
import { DraftNotice } from "../components/notice-draft.tsx";
import type { NamedPeople } from "../components/notice-draft.tsx";
import { SentNotice } from "../components/notice-sending.tsx";
import { readErrors } from "../components/refusal.tsx";
import { useSavedToast } from "../components/save-form.tsx";
import { requireCaller } from "../context.server.ts";
import { answerForm, answerPage, parseForm } from "../forms.server.ts";

const peopleShown = 50;

/** What approval would freeze; null while there is no list to freeze. */
async function readConfirm(ctx: Context, incidentId: string) {
  const run = await readConfirmedRun(ctx, incidentId);
  if (run === null || run.listSha256 === null) return null;
  const counts = await notices.countLetters(ctx, run.id);
  return { ...counts, listVersion: run.version, listSha256: run.listSha256 };
}

const noPeople: NamedPeople = { people: [], count: 0 };

async function readNamed(ctx: Context, noticeId: string, what: notices.MendKind): Promise<NamedPeople> {
  return {
    people: await notices.listToMend(ctx, noticeId, what, peopleShown),
    count: await notices.countToMendOf(ctx, noticeId, what),
  };
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const caller = await requireCaller(request);
  const { id = "", noticeId = "" } = params;
  const page = await answerPage(() =>
    caller.transact(async (ctx) => {
      const notice = await notices.readNotice(ctx, id, noticeId);
      const isDraft = notice.state === "draft";
      const names = await readStaffNames(ctx);
      const nameOf = (userId: string | null) => names.get(userId ?? "") ?? userId ?? "";
      const sender = await notices.readSender(ctx);
      const writers = await notices.readWriters(ctx, id, noticeId);
      const blockers = isDraft ? await notices.findBlockers(ctx, id, noticeId) : [];
      const isFinished = notice.state === "finished";
      return {
        notice,
        blockers,
        check: await notices.checkLetter(ctx, id, noticeId, notice.letter),
        confirm: isDraft && !blockers.includes("noList") ? await readConfirm(ctx, id) : null,
        send: await notices.readSendProgress(ctx, id, noticeId),
        toReach: isFinished ? await readNamed(ctx, noticeId, "toReach") : noPeople,
        doubles: isFinished ? await readNamed(ctx, noticeId, "doubles") : noPeople,
        senderLine: sender === null ? null : `${sender.fromName} <${sender.fromAddress}>`,
        approver: notice.approvedBy === null ? null : nameOf(notice.approvedBy),
        writers: writers.map(nameOf),
        me: nameOf(ctx.actor.kind === "staff" ? ctx.actor.userId : null),
      };
    }),
  );
  const incidentUrl = `/app/incidents/${id}`;
  return { ...page, incidentUrl, listUrl: `${incidentUrl}/notices`, zone: caller.shop.timeZone };
}

const actSchema = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("check"), letter: letterField }),
  z.object({ intent: z.literal("fill"), letter: letterField }),
  z.object({ intent: z.literal("save"), letter: letterField, seen: z.coerce.number().int() }),
  z.object({ intent: z.literal("redraft") }),
  z.object({ intent: z.literal("approve"), seen: z.coerce.number().int() }),
  z.object({ intent: z.literal("withdraw") }),
  z.object({ intent: z.literal("send") }),
  z.object({ intent: z.literal("pause") }),
  z.object({ intent: z.literal("resume") }),
]);
type Act = z.infer<typeof actSchema>;

function doAct(
  ctx: Context,
  id: string,
  noticeId: string,
  act: Exclude<Act, { intent: "check" | "fill" }>,
): Promise<void> {
  switch (act.intent) {
    case "save":
      return notices.saveLetter(ctx, id, noticeId, act.letter, act.seen);
    case "redraft":
      return notices.redraftLetter(ctx, id, noticeId);
    case "approve":
      return notices.approveNotice(ctx, id, noticeId, act.seen);
    case "withdraw":
      return notices.withdrawApproval(ctx, id, noticeId);
    case "send":
      return notices.sendNotice(ctx, id, noticeId);
    case "pause":
      return notices.pauseNotice(ctx, id, noticeId);
    case "resume":
      return notices.resumeNotice(ctx, id, noticeId);
  }
}

export async function action({ request, params }: ActionFunctionArgs) {
  const caller = await requireCaller(request);
  const { id = "", noticeId = "" } = params;
  return answerForm(async () => {
    const act = await parseForm(await request.formData(), actSchema);
    return caller.transact(async (ctx) => {
      if (act.intent === "check") return { check: await notices.checkLetter(ctx, id, noticeId, act.letter) };
      if (act.intent === "fill") return { filled: await notices.fillLetter(ctx, id, noticeId, act.letter) };
      await doAct(ctx, id, noticeId, act);
      await advance(ctx, id);
      return act.intent === "save" ? { saved: true } : { done: true };
    });
  });
}

export default function NoticePage() {
  const data = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  useSavedToast(answer);
  const errors = readErrors(answer);
  return data.notice.state === "draft" ? (
    <DraftNotice key={data.notice.id} data={data} errors={errors} />
  ) : (
    <SentNotice data={data} errors={errors} />
  );
}
