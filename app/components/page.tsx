import { useParams } from "@remix-run/react";
import { TitleBar } from "@shopify/app-bridge-react";
import { Page } from "@shopify/polaris";
import type { PageProps } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import "./page.css";

type AppPageProps = {
  title: string;
  subtitle?: string;
  /** Badges beside the title. */
  titleMetadata?: PageProps["titleMetadata"];
  /** Where the back button leads; every page but the home page has one. */
  backTo?: string;
  /** The one dominant action of the page. */
  primaryAction?: PageProps["primaryAction"];
  secondaryActions?: PageProps["secondaryActions"];
  narrowWidth?: boolean;
  fullWidth?: boolean;
  children: PageProps["children"];
};

/** A page inside the admin: its title in Shopify's bar and as its heading. */
export function AppPage({ title, backTo, children, ...rest }: AppPageProps) {
  const { t } = useTranslation();
  return (
    <Page
      {...rest}
      title={title}
      {...(backTo === undefined ? {} : { backAction: { content: t("back"), url: backTo } })}
    >
      <TitleBar title={title} />
      {children}
    </Page>
  );
}

/** A page of one incident; it leads back to the incident unless told otherwise. */
export function IncidentPage(props: AppPageProps) {
  const { id } = useParams();
  return <AppPage backTo={`/app/incidents/${id}`} {...props} />;
}
