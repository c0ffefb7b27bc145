// Owns: the list of all endpoints, from which OpenAPI, SDK and the route inventory come. Not: any of them.

import { impactEndpoints } from './analytics/impact.ts';
import { usageEndpoints } from './analytics/usage.ts';
import { usageEventEndpoints } from './analytics/usage-events.ts';
import { usageReportEndpoints } from './analytics/usage-reports.ts';
import { activityEndpoints } from './audit/activity.ts';
import { auditLogEndpoints } from './audit/audit-logs.ts';
import { purchaseEndpoints } from './billing/purchases.ts';
import { adminBudgetEndpoints } from './budgets/admin-budgets.ts';
import { budgetEndpoints } from './budgets/budgets.ts';
import { adminModelEndpoints } from './catalog/admin-models.ts';
import { modelPriceEndpoints } from './catalog/model-prices.ts';
import { myModelEndpoints } from './catalog/my-models.ts';
import { organizationModelEndpoints } from './catalog/organization-models.ts';
import { personaEndpoints } from './catalog/personas.ts';
import { providerKeyEndpoints } from './catalog/provider-keys.ts';
import { systemModelReportEndpoints } from './catalog/system-model-reports.ts';
import { systemModelSettingEndpoints } from './catalog/system-model-settings.ts';
import { systemModelEndpoints } from './catalog/system-models.ts';
import { templateEndpoints } from './catalog/templates.ts';
import { chatEndpoints } from './chat/chat.ts';
import { conversationEndpoints } from './chat/conversations.ts';
import { creditBalanceEndpoints } from './credits/balance.ts';
import { creditLedgerEndpoints } from './credits/ledger.ts';
import type { Endpoint } from './endpoint.ts';
import { grantEndpoints } from './entitlements/grants.ts';
import { modelEndpoints } from './entitlements/models.ts';
import { preferenceEndpoints } from './entitlements/preferences.ts';
import { eventStreamEndpoints } from './events/event-stream.ts';
import { apiTokenEndpoints } from './identity/api-tokens.ts';
import { authEndpoints } from './identity/auth.ts';
import { departmentEndpoints } from './identity/departments.ts';
import { domainEndpoints } from './identity/domains.ts';
import { invitationEndpoints } from './identity/invitations.ts';
import { meEndpoints } from './identity/me.ts';
import { memberEndpoints } from './identity/members.ts';
import { onboardingEndpoints } from './identity/onboarding.ts';
import { organizationEndpoints } from './identity/organizations.ts';
import { virtualKeyEndpoints } from './identity/virtual-keys.ts';
import { alertEndpoints } from './notifications/alerts.ts';
import { notificationEndpoints } from './notifications/notifications.ts';
import { adminOrganizationEndpoints } from './platform/admin-organizations.ts';
import { adminUserEndpoints } from './platform/admin-users.ts';
import { impersonationEndpoints } from './platform/impersonation.ts';
import { jobEndpoints } from './platform/jobs.ts';
import {
  adminMailEndpoints,
  systemConfigEndpoints,
  systemHealthEndpoints,
  systemUsageEndpoints,
} from './platform/system.ts';
import { denialEndpoints } from './quotas/denials.ts';
import { limitOverrideEndpoints, limitRequestEndpoints } from './quotas/limit-requests.ts';
import { limitEndpoints } from './quotas/limits.ts';

/** Every endpoint of the product API, noun by noun. A new noun is one line here. */
const NOUNS: readonly Readonly<Record<string, unknown>>[] = [
  authEndpoints,
  organizationEndpoints,
  meEndpoints,
  memberEndpoints,
  invitationEndpoints,
  departmentEndpoints,
  domainEndpoints,
  onboardingEndpoints,
  virtualKeyEndpoints,
  apiTokenEndpoints,
  providerKeyEndpoints,
  systemModelEndpoints,
  systemModelReportEndpoints,
  systemModelSettingEndpoints,
  organizationModelEndpoints,
  myModelEndpoints,
  templateEndpoints,
  auditLogEndpoints,
  activityEndpoints,
  adminUserEndpoints,
  impersonationEndpoints,
  adminOrganizationEndpoints,
  systemUsageEndpoints,
  systemConfigEndpoints,
  systemHealthEndpoints,
  adminMailEndpoints,
  creditBalanceEndpoints,
  creditLedgerEndpoints,
  modelEndpoints,
  preferenceEndpoints,
  personaEndpoints,
  adminModelEndpoints,
  modelPriceEndpoints,
  grantEndpoints,
  limitEndpoints,
  limitRequestEndpoints,
  limitOverrideEndpoints,
  denialEndpoints,
  budgetEndpoints,
  adminBudgetEndpoints,
  chatEndpoints,
  conversationEndpoints,
  notificationEndpoints,
  alertEndpoints,
  jobEndpoints,
  usageEndpoints,
  usageEventEndpoints,
  usageReportEndpoints,
  impactEndpoints,
  purchaseEndpoints,
  eventStreamEndpoints,
];

/** All of them, their types erased. */
export const ENDPOINTS: readonly Endpoint[] = NOUNS.flatMap((noun) => Object.values(noun) as Endpoint[]);
