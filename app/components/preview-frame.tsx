/** A page shown inside a page: sandboxed, without scripts, at the width of a desktop or a phone, in a box whose height never changes. */
import { Box, Button, ButtonGroup, InlineStack } from "@shopify/polaris";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

export type Device = "desktop" | "phone";

const widths: Record<Device, number> = { desktop: 760, phone: 375 };

type PreviewFrameProps = {
  html: string;
  title: string;
  device: Device;
  /** CSS pixels. */
  height: number;
};

/** Links in a preview lead nowhere: they would open windows, and the sandbox allows none. */
function deaden(html: string): string {
  return html.replace("<head>", '<head><base target="_blank">');
}

function writeInto(frame: HTMLIFrameElement | null, html: string): void {
  const page = frame?.contentDocument?.documentElement;
  const inner = /<html[^>]*>([\s\S]*)<\/html>/i.exec(deaden(html))?.[1];
  if (page == null || inner === undefined) return;
  const { scrollTop } = page;
  page.innerHTML = inner;
  page.scrollTop = scrollTop;
}

const useBrowserLayoutEffect = typeof document === "undefined" ? useEffect : useLayoutEffect;

export function PreviewFrame({ html, title, device, height }: PreviewFrameProps) {
  const box = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLIFrameElement>(null);
  const [room, setRoom] = useState<number | null>(null);
  // The document is loaded once; later versions are written into it, so that it neither flashes nor loses its place.
  const [first] = useState(() => deaden(html));

  useBrowserLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = () => setRoom(element.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => writeInto(frame.current, html), [html]);

  const width = widths[device];
  const scale = room === null ? 1 : Math.min(1, room / width);
  return (
    <div ref={box} style={{ height, overflow: "hidden", background: "#f1f1f1", borderRadius: 8 }}>
      <iframe
        ref={frame}
        title={title}
        // The same origin lets the app write into the frame; without scripts the frame cannot reach out of it.
        sandbox="allow-same-origin"
        srcDoc={first}
        onLoad={() => writeInto(frame.current, html)}
        style={{
          display: "block",
          border: 0,
          background: "#fff",
          width,
          height: height / scale,
          transform: `scale(${scale})`,
          transformOrigin: "0 0",
          marginInlineStart: room === null ? 0 : Math.max(0, (room - width * scale) / 2),
          visibility: room === null ? "hidden" : "visible",
        }}
      />
    </div>
  );
}

type ViewSwitchProps<View extends string> = {
  views: { id: View; label: string }[];
  chosen: View;
  onChoose: (view: View) => void;
  trailing?: ReactNode;
};

/** Which of several views of the same thing is shown. */
export function ViewSwitch<View extends string>({
  views,
  chosen,
  onChoose,
  trailing,
}: ViewSwitchProps<View>) {
  const { t } = useTranslation("notice");
  return (
    <InlineStack align="space-between" blockAlign="center" gap="200">
      <Box role="group" aria-label={t("preview.views")}>
        <ButtonGroup variant="segmented">
          {views.map((view) => (
            <Button key={view.id} pressed={view.id === chosen} onClick={() => onChoose(view.id)}>
              {view.label}
            </Button>
          ))}
        </ButtonGroup>
      </Box>
      {trailing}
    </InlineStack>
  );
}
