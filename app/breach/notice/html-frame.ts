/**
 * The HTML around a letter: one table for layout, styles inline, no picture, no font, no script, nothing fetched from anywhere, so that
 * it looks the same with remote content blocked and cannot tell anyone that it was opened. The style element only adds dark mode and
 * narrow screens; without it the letter still reads well.
 */
import { escapeHtml } from "./liquid.ts";

const font =
  "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5";

export const styles = {
  title: "margin:0 0 20px;font-size:24px;line-height:1.25;font-weight:700",
  heading: "margin:28px 0 8px;font-size:18px;line-height:1.3;font-weight:700",
  paragraph: "margin:0 0 14px",
  list: "margin:0 0 14px;padding:0 0 0 26px",
  item: "margin:0 0 8px",
  mark: "background:#ffe9a8;color:#5c3b00",
} as const;

/** What stands before and after the letter's own text. `title` and `sender` are HTML already. */
export function frameLetter(page: { language: string; title: string; sender: string }): {
  before: string;
  after: string;
} {
  const before = `<!DOCTYPE html>
<html lang="${escapeHtml(page.language)}" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${page.title}</title>
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
a { color: #0b57b8; }
@media (max-width: 480px) {
  .outer { padding: 0 !important; }
  .card { padding: 20px 16px 24px !important; border-radius: 0 !important; border-left: 0 !important; border-right: 0 !important; }
  .from { padding: 16px !important; }
}
@media (prefers-color-scheme: dark) {
  .page { background: #16181b !important; }
  .card { background: #212428 !important; border-color: #3a3f45 !important; }
  .card, .from { color: #eceef0 !important; }
  .mark { background: #5c4300 !important; color: #ffe9a8 !important; }
  a { color: #8cbcff !important; }
}
</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f3f4f5">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#f3f4f5">
<tr>
<td class="outer" align="center" style="padding:16px">
<table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0" style="width:100%;max-width:600px">
<tr>
<td class="from" style="padding:8px 32px 16px;${font};font-weight:700;color:#1d2023;text-align:left">${page.sender}</td>
</tr>
<tr>
<td class="card" style="padding:32px;background:#ffffff;border:1px solid #dcdfe2;border-radius:8px;${font};color:#1d2023;text-align:left;word-break:break-word;overflow-wrap:anywhere">
`;
  const after = `</td>
</tr>
</table>
</td>
</tr>
</table>
</body>
</html>
`;
  return { before, after };
}
