import { InlineGrid, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import type { MaskedPerson } from "../breach/scope/scope.server.ts";
import type { SayPlace } from "./place.tsx";

const columns = { xs: 1, md: "2fr 3fr 3fr 1fr" };

/** Said beside something, and after it where the line is long enough. */
function Aside({ children }: { children: string }) {
  return (
    <Text as="span" tone="subdued">
      {" · "}
      {children}
    </Text>
  );
}

/** Masked people: columns on a wide screen, one under another on a phone. */
export function PeopleList({ people, sayPlace }: { people: MaskedPerson[]; sayPlace: SayPlace }) {
  const { t } = useTranslation("people");
  return (
    <div role="table" aria-label={t("title")}>
      <div role="rowgroup" className="Polaris-Text--visuallyHidden">
        <div role="row">
          {(["person", "contact", "residence", "orders"] as const).map((name) => (
            <span key={name} role="columnheader">
              {t(`column.${name}`)}
            </span>
          ))}
        </div>
      </div>
      <div role="rowgroup">
        {people.map((person, index) => (
          <div
            key={person.id}
            role="row"
            style={{
              padding: "10px 16px",
              overflowWrap: "anywhere",
              ...(index === 0 ? {} : { borderTop: "1px solid var(--p-color-border-secondary)" }),
            }}
          >
            <InlineGrid columns={columns} gap={{ xs: "050", md: "300" }} alignItems="start">
              <div role="cell">
                <Text as="span" fontWeight="medium">
                  {person.name === "" ? t("noName") : <bdi>{person.name}</bdi>}
                </Text>
                {!person.hasCustomerRecord && <Aside>{t("guest")}</Aside>}
              </div>
              <div role="cell">
                {person.email ?? t("noEmail")}
                {person.phone !== null && <Aside>{person.phone}</Aside>}
              </div>
              <div role="cell">
                {sayPlace(person.country, person.region)}
                <Aside>{t(`source.${person.residenceSource}`)}</Aside>
              </div>
              <div role="cell">{t("orders", { count: person.orders })}</div>
            </InlineGrid>
          </div>
        ))}
      </div>
    </div>
  );
}
