/** Moments in words, each with its zone; and how far away they are, counted from the server's now so that nothing changes on hydration. */
import { Text } from "@shopify/polaris";
import type { TextProps } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

/** `Mon 23 Nov 2026, 14:05 Europe/Berlin`. Put together from parts, because languages' own patterns differ between browsers and Node. */
export function formatMoment(date: Date, zone: string, language: string): string {
  const parts = new Intl.DateTimeFormat(language, {
    timeZone: zone,
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(date);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? "";
  return `${part("weekday")} ${part("day")} ${part("month")} ${part("year")}, ${part("hour")}:${part("minute")} ${zone}`;
}

/** `23 Nov 2026`. */
export function formatDay(date: Date, zone: string, language: string): string {
  const parts = new Intl.DateTimeFormat(language, {
    timeZone: zone,
    day: "numeric",
    month: "short",
    year: "numeric",
  }).formatToParts(date);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? "";
  return `${part("day")} ${part("month")} ${part("year")}`;
}

export function Moment({ at, zone }: { at: Date; zone: string }) {
  const { i18n } = useTranslation();
  return <time dateTime={at.toISOString()}>{formatMoment(at, zone, i18n.language)}</time>;
}

export type Left = { late: boolean; days: number; hours: number; minutes: number };

/** The distance between two moments, in whole minutes. */
export function timeLeft(actBy: Date, now: Date): Left {
  const ms = actBy.getTime() - now.getTime();
  const minutes = Math.floor(Math.abs(ms) / 60_000);
  return {
    late: ms < 0,
    days: Math.floor(minutes / 1440),
    hours: Math.floor(minutes / 60) % 24,
    minutes: minutes % 60,
  };
}

/** `(left) => "2 days 5 hours left"`, or `"3 hours overdue"`; the two largest units. */
export function useLeftInWords(): (left: Left) => string {
  const { t } = useTranslation();
  return ({ late, days, hours, minutes }) => {
    const units: [string, number][] = [
      ["days", days],
      ["hours", hours],
      ["minutes", minutes],
    ];
    const first = units.findIndex(([, count]) => count > 0);
    const shown =
      first < 0
        ? [["minutes", 0] as [string, number]]
        : units.slice(first, first + 2).filter(([, count]) => count > 0);
    const time = shown.map(([unit, count]) => t(`left.${unit}`, { count })).join(" ");
    return t(late ? "left.overdue" : "left.left", { time });
  };
}

type CountdownProps = {
  actBy: Date;
  now: Date;
  variant?: TextProps["variant"];
  fontWeight?: TextProps["fontWeight"];
};

/** How long is left, in words. It is as fresh as the page; it never ticks. */
export function Countdown({ actBy, now, variant, fontWeight = "medium" }: CountdownProps) {
  const say = useLeftInWords();
  const left = timeLeft(actBy, now);
  return (
    <Text
      as="span"
      fontWeight={fontWeight}
      {...(variant === undefined ? {} : { variant })}
      {...(left.late ? { tone: "critical" } : {})}
    >
      {say(left)}
    </Text>
  );
}
