/** Who is meant and what was exposed about them: the form, and beside it what it means in words and in Shopify's counts. */
import { Form, useNavigation, useSubmit } from "@remix-run/react";
import { Banner, BlockStack, Button, Card, InlineGrid, InlineStack, Layout, Text } from "@shopify/polaris";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Group, Preview } from "../breach/scope/scope.server.ts";
import { dataCategories, recordCategories } from "../breach/scope/scope.ts";
import type { Criteria, DataCategory } from "../breach/scope/scope.ts";
import { CheckboxGroup, CheckboxInput, RadioInput, TextInput } from "./field.tsx";
import { formatDay, formatMoment } from "./moment.tsx";

/** What lets somebody pass for the person or pay in their name; the rest tells about the person. */
const dangerous: DataCategory[] = [
  "credentials",
  "card_full",
  "card_last4",
  "bank_account",
  "government_id",
  "gift_card",
];
const telling = dataCategories.filter(
  (each) => !recordCategories.includes(each) && !dangerous.includes(each),
);

export type Counted = { criteria: Criteria; counts: Preview | "silent" };

type ScopeFormProps = {
  group: Group | null;
  zone: string;
  /** Today in `zone`, YYYY-MM-DD. */
  today: string;
  /** Orders before this moment are invisible to the app. */
  invisibleBefore: Date | null;
  counted: Counted | null;
  errorOf: (name: string) => string | undefined;
};

export function ScopeForm({ group, zone, today, invisibleBefore, counted, errorOf }: ScopeFormProps) {
  const { t } = useTranslation("scope");
  const form = useRef<HTMLFormElement>(null);
  const submit = useSubmit();
  const intent = useNavigation().formData?.get("intent");
  const given = group?.criteria;
  const [kind, setKind] = useState<string>(given?.kind ?? "everyone");
  const [from, setFrom] = useState(given?.kind === "orders" ? given.from : "");
  const [to, setTo] = useState(given?.kind === "orders" ? given.to : today);
  const [leaveOutTests, setLeaveOutTests] = useState(given?.leaveOutTests ?? true);
  const criteria: Criteria =
    kind === "orders" ? { kind, from, to, leaveOutTests } : { kind: "everyone", leaveOutTests };

  const { t: tCategory } = useTranslation("scope-categories");
  const options = (categories: DataCategory[]) =>
    categories.map((value) => ({
      value,
      label: tCategory(`category.${value}`),
      help: tCategory(`hint.${value}`, { defaultValue: "" }),
    }));
  const chosen = group?.categories ?? recordCategories;
  const count = () => {
    const data = new FormData(form.current!);
    data.set("intent", "preview");
    submit(data, { method: "post" });
  };

  return (
    <Form method="post" ref={form}>
      <input type="hidden" name="intent" value="start" />
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            <Card>
              <BlockStack gap="400">
                <Heading title={t("form.who")} help={t("form.whoHelp")} />
                <RadioInput
                  name="kind"
                  label={t("form.who")}
                  labelHidden
                  defaultValue={kind}
                  onChange={setKind}
                  error={errorOf("kind")}
                  options={[
                    { value: "everyone", label: t("form.everyone"), help: t("form.everyoneHelp") },
                    { value: "orders", label: t("form.orders"), help: t("form.ordersHelp") },
                  ]}
                />
                {kind === "orders" && (
                  <BlockStack gap="100">
                    <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
                      <TextInput
                        name="from"
                        label={t("form.from")}
                        type="date"
                        defaultValue={from}
                        onChange={setFrom}
                        error={errorOf("from")}
                        max={today}
                      />
                      <TextInput
                        name="to"
                        label={t("form.to")}
                        type="date"
                        defaultValue={to}
                        onChange={setTo}
                        error={errorOf("to")}
                        max={today}
                      />
                    </InlineGrid>
                    <Text as="p" tone="subdued">
                      {t("form.daysHelp", { zone })}
                    </Text>
                  </BlockStack>
                )}
                <CheckboxInput
                  name="leaveOutTests"
                  label={t("form.leaveOutTests")}
                  defaultChecked={leaveOutTests}
                  onChange={setLeaveOutTests}
                />
                <HiddenOrders criteria={criteria} zone={zone} invisibleBefore={invisibleBefore} />
              </BlockStack>
            </Card>
            <Card>
              <BlockStack gap="400">
                <Heading title={t("form.what")} help={t("form.whatHelp")} />
                <CheckboxGroup
                  name="categories[]"
                  label={t("form.records")}
                  options={options(recordCategories)}
                  defaultValues={chosen}
                  error={errorOf("categories")}
                />
                <InlineGrid columns={{ xs: 1, md: 2 }} gap="400">
                  <CheckboxGroup
                    name="categories[]"
                    label={t("form.dangerous")}
                    options={options(dangerous)}
                    defaultValues={chosen}
                  />
                  <CheckboxGroup
                    name="categories[]"
                    label={t("form.private")}
                    options={options(telling)}
                    defaultValues={chosen}
                  />
                </InlineGrid>
              </BlockStack>
            </Card>
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <div style={{ position: "sticky", top: "var(--p-space-400)" }}>
            <Card>
              <BlockStack gap="400">
                <Text as="h2" variant="headingMd">
                  {t("words.title")}
                </Text>
                <CriteriaInWords criteria={criteria} zone={zone} />
                <div aria-live="polite">
                  <Counts
                    counted={counted}
                    criteria={criteria}
                    hidesOrders={hidesOrders(criteria, invisibleBefore)}
                  />
                </div>
                <InlineStack gap="300">
                  <Button submit variant="primary" loading={intent === "start"}>
                    {t("form.start")}
                  </Button>
                  <Button onClick={count} loading={intent === "preview"}>
                    {t("form.count")}
                  </Button>
                </InlineStack>
              </BlockStack>
            </Card>
          </div>
        </Layout.Section>
      </Layout>
    </Form>
  );
}

function Heading({ title, help }: { title: string; help: string }) {
  return (
    <BlockStack gap="100">
      <Text as="h2" variant="headingMd">
        {title}
      </Text>
      <Text as="p" tone="subdued">
        {help}
      </Text>
    </BlockStack>
  );
}

/** The search as a sentence. */
export function CriteriaInWords({ criteria, zone }: { criteria: Criteria; zone: string }) {
  const { t, i18n } = useTranslation("scope");
  const day = (text: string) => formatDay(new Date(`${text}T00:00:00Z`), "UTC", i18n.language);
  const who =
    criteria.kind === "everyone"
      ? t("words.everyone")
      : criteria.from === "" || criteria.to === ""
        ? t("words.noDays")
        : t("words.orders", { from: day(criteria.from), to: day(criteria.to), zone });
  return (
    <Text as="p">
      {who} {t(criteria.leaveOutTests ? "words.withoutTests" : "words.withTests")}
    </Text>
  );
}

function isSame(a: Criteria, b: Criteria): boolean {
  const days = (each: Criteria) => (each.kind === "orders" ? `${each.from}/${each.to}` : "");
  return a.kind === b.kind && a.leaveOutTests === b.leaveOutTests && days(a) === days(b);
}

type CountsProps = { counted: Counted | null; criteria: Criteria; hidesOrders: boolean };

function Counts({ counted, criteria, hidesOrders }: CountsProps) {
  const { t } = useTranslation("scope");
  const subdued = (key: string) => (
    <Text as="p" tone="subdued">
      {t(key)}
    </Text>
  );
  if (counted === null) return subdued("preview.hint");
  if (counted.counts === "silent") return <Text as="p">{t("preview.silent")}</Text>;
  if (!isSame(counted.criteria, criteria)) return subdued("preview.stale");
  const { customers, orders } = counted.counts;
  return (
    <BlockStack gap="100">
      {customers !== null && (
        <Text as="p" variant="headingMd">
          {t(customers.exact ? "preview.exact" : "preview.atLeast", {
            what: t("preview.customers", { count: customers.count }),
          })}
        </Text>
      )}
      <Text as="p" variant="headingMd">
        {t(orders.exact && !hidesOrders ? "preview.exact" : "preview.atLeast", {
          what: t("preview.orders", { count: orders.count }),
        })}
      </Text>
      {subdued("preview.people")}
    </BlockStack>
  );
}

/** Some of the orders that are meant are older than what Shopify shows. */
function hidesOrders(criteria: Criteria, invisibleBefore: Date | null): boolean {
  if (invisibleBefore === null) return false;
  if (criteria.kind !== "orders") return true;
  return criteria.from !== "" && new Date(`${criteria.from}T00:00:00Z`) < invisibleBefore;
}

type HiddenOrdersProps = { criteria: Criteria; zone: string; invisibleBefore: Date | null };

/** Shopify hides older orders silently, so this says it, with the way out. */
function HiddenOrders({ criteria, zone, invisibleBefore }: HiddenOrdersProps) {
  const { t, i18n } = useTranslation("scope");
  if (invisibleBefore === null || !hidesOrders(criteria, invisibleBefore)) return null;
  const moment = formatMoment(invisibleBefore, zone, i18n.language);
  return (
    <Banner tone="warning" title={t("invisible.title")}>
      <BlockStack gap="300" inlineAlign="start">
        <Text as="p">{t(`invisible.${criteria.kind}`, { moment })}</Text>
        <AskForAllOrders />
      </BlockStack>
    </Banner>
  );
}

/** Shopify asks the staff member itself; then the page learns what was granted. */
export function AskForAllOrders() {
  const { t } = useTranslation("scope");
  const submit = useSubmit();
  const [state, setState] = useState<"idle" | "asking" | "declined" | "failed">("idle");
  const ask = async () => {
    setState("asking");
    try {
      const { result } = await shopify.scopes.request(["read_all_orders"]);
      setState(result === "granted-all" ? "idle" : "declined");
      if (result === "granted-all") submit({ intent: "permission" }, { method: "post" });
    } catch {
      setState("failed");
    }
  };
  return (
    <BlockStack gap="200" inlineAlign="start">
      <Button onClick={() => void ask()} loading={state === "asking"}>
        {t("invisible.ask")}
      </Button>
      <div aria-live="polite">
        {(state === "declined" || state === "failed") && <Text as="p">{t(`invisible.${state}`)}</Text>}
      </div>
    </BlockStack>
  );
}
