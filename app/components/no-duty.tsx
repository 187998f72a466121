/** What the law data leave open or deny: no duty and why, and people for whom there is no answer yet. */
import { BlockStack, Button, Card, Divider, InlineStack, Link, Text } from "@shopify/polaris";
import { Fragment, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Assessment, JurisdictionAssessment } from "../breach/obligation/obligation.ts";
import { groupNotOwed } from "./duty-groups.ts";
import type { NotOwed } from "./duty-groups.ts";
import { splitJurisdiction } from "./place.tsx";
import type { SayPlace } from "./place.tsx";
import { Fold, TraceSteps, useDayInWords, useTraceSentence } from "./trace.tsx";

export function NoDutyCard({ assessment, sayPlace }: { assessment: Assessment; sayPlace: SayPlace }) {
  const { t } = useTranslation("obligation");
  const groups = groupNotOwed(assessment, useTraceSentence());
  if (groups.length === 0) return null;
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t("screen.none.title")}
          </Text>
          <Text as="p" tone="subdued">
            {t("screen.none.help")}
          </Text>
        </BlockStack>
        {groups.map((group) => (
          <Fragment key={group.key}>
            <Divider />
            <NotOwedRow group={group} sayPlace={sayPlace} />
          </Fragment>
        ))}
      </BlockStack>
    </Card>
  );
}

function NotOwedRow({ group, sayPlace }: { group: NotOwed; sayPlace: SayPlace }) {
  const { t } = useTranslation("obligation");
  const day = useDayInWords();
  const { places, kind } = group;
  const [first] = places;
  if (first === undefined) return null;
  const say = ({ jurisdiction }: JurisdictionAssessment) => {
    const { country, region } = splitJurisdiction(jurisdiction);
    return sayPlace(country, region);
  };
  return (
    <BlockStack gap="100">
      <Text as="h3" variant="headingSm">
        {t("screen.none.places", {
          law: first.lawName,
          count: places.length,
          places: places.map(say).join(", "),
        })}
      </Text>
      <Text as="p">
        {t(`screen.none.${kind ?? "all"}`)}. {group.sentence}
      </Text>
      <Text as="p" tone="subdued">
        {t("screen.duties.people", { count: places.reduce((sum, place) => sum + place.people, 0) })} ·{" "}
        <Link url={first.citationUrl} target="_blank">
          {first.citation}
        </Link>{" "}
        · {t("asOf", { date: day(first.asOf) })} · {t(`screen.confidence.${first.confidence}`)}
      </Text>
      {places.map((place) => (
        <Fold
          key={place.jurisdiction}
          label={places.length === 1 ? t("screen.trace.show") : t("screen.trace.each", { place: say(place) })}
          {...(places.length === 1
            ? { accessibilityLabel: t("screen.trace.each", { place: say(place) }) }
            : {})}
        >
          <TraceSteps trace={place.trace} duty={kind} />
        </Fold>
      ))}
    </BlockStack>
  );
}

const placesAtFirst = 8;
/** Countries whose parts have laws of their own. */
const statesMatter = new Set(["US", "CA"]);

export function GapsCard({ assessment, sayPlace }: { assessment: Assessment; sayPlace: SayPlace }) {
  const { t } = useTranslation("obligation");
  const [open, setOpen] = useState(false);
  const { unknownResidence, uncovered } = assessment;
  if (unknownResidence === 0 && uncovered.length === 0) return null;
  const lawNames = new Map(assessment.jurisdictions.map((place) => [place.lawId, place.lawName]));
  const shown = open ? uncovered : uncovered.slice(0, placesAtFirst);
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          {t("screen.gaps.title")}
        </Text>
        {unknownResidence > 0 && (
          <BlockStack gap="100">
            <Text as="h3" variant="headingSm">
              {t("screen.gaps.unknownTitle")}
            </Text>
            <Text as="p">{t("unknownResidence", { count: unknownResidence })}</Text>
          </BlockStack>
        )}
        {uncovered.length > 0 && (
          <BlockStack gap="200">
            <BlockStack gap="100">
              <Text as="h3" variant="headingSm">
                {t("screen.gaps.uncoveredTitle")}
              </Text>
              <Text as="p">{t("uncovered.help")}</Text>
            </BlockStack>
            <ul style={{ margin: 0, paddingInlineStart: 20 }}>
              {shown.map(({ country, region, people, partlyBy }) => (
                <li key={`${country}-${region}`}>
                  {t("screen.gaps.place", {
                    place:
                      region === null && statesMatter.has(country)
                        ? t("screen.gaps.noRegion", { country: sayPlace(country) })
                        : sayPlace(country, region),
                    count: people,
                  })}
                  {partlyBy !== null && (
                    <Text as="p" tone="subdued">
                      {t("uncovered.partly", { law: lawNames.get(partlyBy) ?? partlyBy })}
                    </Text>
                  )}
                </li>
              ))}
            </ul>
            {uncovered.length > placesAtFirst && (
              <InlineStack>
                <Button variant="plain" onClick={() => setOpen(!open)} ariaExpanded={open}>
                  {open
                    ? t("screen.gaps.fewer")
                    : t("screen.gaps.more", { count: uncovered.length - placesAtFirst })}
                </Button>
              </InlineStack>
            )}
          </BlockStack>
        )}
      </BlockStack>
    </Card>
  );
}
