// Owns: every closed set of values that tables, API, portal and SDK share. Not: which column holds which set (the migrations' CHECKs, compared by a test).

import { z } from 'zod';

/** Kind of upstream: which wire protocol is spoken and how it is authenticated. */
export const providerTypes = z.enum(['openai', 'anthropic', 'google', 'together', 'custom', 'sandbox']);
export type ProviderType = z.infer<typeof providerTypes>;

/** Whether a provider may be called. `error` is set by the health probe. */
export const providerStatuses = z.enum(['active', 'inactive', 'error']);
export type ProviderStatus = z.infer<typeof providerStatuses>;

/** State of a stored provider secret. `invalid`: the provider refused it at its last validation. */
export const credentialStatuses = z.enum(['active', 'invalid', 'revoked']);
export type CredentialStatus = z.infer<typeof credentialStatuses>;

/** What a model does. */
export const modelTypes = z.enum(['llm', 'vision', 'embedding', 'custom']);
export type ModelType = z.infer<typeof modelTypes>;

/** Whether a model needs an entitlement. */
export const modelTiers = z.enum(['free', 'premium']);
export type ModelTier = z.infer<typeof modelTiers>;

/** Life cycle of a model. */
export const modelStatuses = z.enum(['available', 'beta', 'deprecated', 'unavailable']);
export type ModelStatus = z.infer<typeof modelStatuses>;

/** Where a price row came from: seeds never add to what an administrator priced, by hand (`admin`) or by approving what a price library says (`import`). */
export const priceSources = z.enum(['seed', 'admin', 'import']);
export type PriceSource = z.infer<typeof priceSources>;

/** Who made a template and who may use it. */
export const templateScopes = z.enum(['system', 'organization', 'user']);
export type TemplateScope = z.infer<typeof templateScopes>;

/** Window of a template's limit per user. */
export const tokenLimitPeriods = z.enum(['daily', 'weekly', 'monthly']);
export type TokenLimitPeriod = z.infer<typeof tokenLimitPeriods>;

/** Who a persona belongs to. */
export const personaScopes = z.enum(['platform', 'organization']);
export type PersonaScope = z.infer<typeof personaScopes>;

/** Role on the platform, held by the user. */
export const platformRoles = z.enum(['user', 'platform_admin', 'superadmin']);
export type PlatformRole = z.infer<typeof platformRoles>;

/** Role in one organization, held by the membership. */
export const memberRoles = z.enum(['owner', 'admin', 'member']);
export type MemberRole = z.infer<typeof memberRoles>;

/** Whether a member's calls are answered. */
export const memberStatuses = z.enum(['active', 'paused']);
export type MemberStatus = z.infer<typeof memberStatuses>;

/** Whether an organization's calls are answered. */
export const organizationStatuses = z.enum(['active', 'suspended']);
export type OrganizationStatus = z.infer<typeof organizationStatuses>;

/** Plans, lowest first; the level orders them. */
export const planSlugs = z.enum(['free', 'starter', 'pro', 'enterprise']);
export type PlanSlug = z.infer<typeof planSlugs>;

/** State of an invitation. */
export const invitationStatuses = z.enum(['pending', 'accepted', 'revoked', 'expired']);
export type InvitationStatus = z.infer<typeof invitationStatuses>;

/** How an organization proves that it holds a domain. */
export const domainVerificationMethods = z.enum(['dns_txt', 'http_file']);
export type DomainVerificationMethod = z.infer<typeof domainVerificationMethods>;

/** What a product sells. */
export const productTypes = z.enum(['model', 'plan', 'credit_pack']);
export type ProductType = z.infer<typeof productTypes>;

/** State of a purchase. */
export const purchaseStatuses = z.enum(['pending', 'completed', 'refunded', 'failed']);
export type PurchaseStatus = z.infer<typeof purchaseStatuses>;

/** Where an entitlement comes from. */
export const entitlementSources = z.enum(['purchase', 'admin_grant', 'trial', 'plan']);
export type EntitlementSource = z.infer<typeof entitlementSources>;

/** Where a lot of credits comes from. */
export const creditGrantSources = z.enum(['plan', 'top_up', 'admin', 'promo']);
export type CreditGrantSource = z.infer<typeof creditGrantSources>;

/** What an entry of the credit ledger did. */
export const creditLedgerKinds = z.enum(['grant', 'deduct', 'refund', 'expire', 'adjust']);
export type CreditLedgerKind = z.infer<typeof creditLedgerKinds>;

/** Whether a feature answers. */
export const featureStatuses = z.enum(['active', 'inactive', 'maintenance']);
export type FeatureStatus = z.infer<typeof featureStatuses>;

/** Where a feature runs. */
export const environments = z.enum(['development', 'staging', 'production']);
export type Environment = z.infer<typeof environments>;

/** Form of a prompt version's content. */
export const promptContentTypes = z.enum(['chat', 'text']);
export type PromptContentType = z.infer<typeof promptContentTypes>;

/** Review state of a prompt version. */
export const promptVersionStatuses = z.enum(['draft', 'review', 'approved', 'archived']);
export type PromptVersionStatus = z.infer<typeof promptVersionStatuses>;

/** What a budget limits. */
export const budgetScopes = z.enum(['organization', 'department', 'feature', 'user', 'key', 'platform']);
export type BudgetScope = z.infer<typeof budgetScopes>;

/** Window of a budget. */
export const budgetPeriods = z.enum(['daily', 'weekly', 'monthly', 'quarterly']);
export type BudgetPeriod = z.infer<typeof budgetPeriods>;

/** What a passed budget does: `hard` denies, `soft` alerts. */
export const budgetEnforcements = z.enum(['hard', 'soft']);
export type BudgetEnforcement = z.infer<typeof budgetEnforcements>;

/** Environment in a virtual key's prefix: `wr_live_…`, `wr_test_…`. */
export const keyEnvironments = z.enum(['live', 'test']);
export type KeyEnvironment = z.infer<typeof keyEnvironments>;

/** Who a virtual key acts as. */
export const keyOwnerTypes = z.enum(['user', 'service']);
export type KeyOwnerType = z.infer<typeof keyOwnerTypes>;

/** State of an idempotent request. */
export const idempotencyStates = z.enum(['in_progress', 'completed']);
export type IdempotencyState = z.infer<typeof idempotencyStates>;

/** Who did what an audit row records. */
export const auditActorTypes = z.enum(['user', 'key', 'system']);
export type AuditActorType = z.infer<typeof auditActorTypes>;

/** How the portal looks to a person; `system` follows the device. */
export const themes = z.enum(['system', 'light', 'dark']);
export type Theme = z.infer<typeof themes>;

/** Where a mail is on its way. `kept`: no mail server is configured, the mail stays in the outbox to be read there. */
export const mailStatuses = z.enum(['pending', 'sent', 'failed', 'kept']);
export type MailStatus = z.infer<typeof mailStatuses>;

/** The most an API token may do in its organization. */
export const apiTokenRoles = z.enum(['admin', 'member']);
export type ApiTokenRole = z.infer<typeof apiTokenRoles>;

/** Which limit is asked to be raised, or is raised for a time. */
export const limitKinds = z.enum(['template_limit', 'organization_quota', 'budget', 'daily_messages']);
export type LimitKind = z.infer<typeof limitKinds>;

/** Where a request for a higher limit stands. */
export const limitRequestStatuses = z.enum(['open', 'approved', 'denied']);
export type LimitRequestStatus = z.infer<typeof limitRequestStatuses>;

/** What made a background job run. `catch_up`: the server was away when it was due. */
export const jobCauses = z.enum(['schedule', 'catch_up', 'manual']);
export type JobCause = z.infer<typeof jobCauses>;

/** How a run of a job stands. `lost`: whoever ran it went away. */
export const jobRunStatuses = z.enum(['running', 'succeeded', 'failed', 'lost']);
export type JobRunStatus = z.infer<typeof jobRunStatuses>;

/** What is done once when a window has ended: telling whose limits renewed, and how much was used in it. */
export const windowActs = z.enum(['limits_renewed', 'digest']);
export type WindowAct = z.infer<typeof windowActs>;

/** Who speaks in a conversation. */
export const messageRoles = z.enum(['user', 'assistant']);
export type MessageRole = z.infer<typeof messageRoles>;

/** How a message came to its end. `cancelled` and `failed` keep what came. */
export const messageStatuses = z.enum(['complete', 'streaming', 'cancelled', 'failed']);
export type MessageStatus = z.infer<typeof messageStatuses>;

/** A way in which a person is told. */
export const notificationChannels = z.enum(['in_app', 'email', 'webhook']);
export type NotificationChannel = z.infer<typeof notificationChannels>;

/** Where a notification is on its way by a channel. `dead`: given up. */
export const deliveryStatuses = z.enum(['pending', 'sent', 'failed', 'dead']);
export type DeliveryStatus = z.infer<typeof deliveryStatuses>;

/** By what the use of credits in a period is summed. */
export const creditUseKinds = z.enum(['total', 'feature', 'person']);
export type CreditUseKind = z.infer<typeof creditUseKinds>;
