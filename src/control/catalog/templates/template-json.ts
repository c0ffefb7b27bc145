// Owns: templates and what is said of them as JSON. Not: reading them.

import type { z } from 'zod';
import type { systemTemplateSchema, templateFaceSchema } from '../../../contracts/catalog/template-reading.ts';
import type { Template } from './template.queries.ts';
import type { SystemTemplateView } from './template.service.ts';
import type { UseShare } from './template-usage.queries.ts';

/** What everybody reads who may use it. */
export function faceJson({ id, scope, content }: Template): z.input<typeof templateFaceSchema> {
  const { name, slug, role, description, icon, tasks, tags, sort_order } = content;
  return { id, scope, name, slug, role, description, icon, tasks, tags, sort_order };
}

/** What who keeps it reads. */
export function ownTemplateJson(template: Template) {
  const { business_types, required_plan, is_free, is_trial, trial_expires_days, is_featured, ...own } =
    template.content;
  return { ...withKeeping(template), ...own };
}

function withKeeping({ id, scope, keyLastFour, createdAt, updatedAt }: Template) {
  return {
    ...{ id, scope, endpoint_key_last_four: keyLastFour },
    ...{ created_at: createdAt.toISOString(), updated_at: updatedAt.toISOString() },
  };
}

/**
 * A system template for its reader. Where its calls go is the platform's own business; its message is read by who decides whether people get it, and for members
 * it is null: what a template is told is the platform's work.
 */
export function systemTemplateJson({
  template,
  view,
  peopleAffected,
}: SystemTemplateView): z.input<typeof systemTemplateSchema> {
  const full = { ...withKeeping(template), ...template.content };
  const { config } = template;
  if (config === null) return full;
  const hidden = { endpoint_base_url: null, endpoint_model: null, endpoint_key_last_four: null };
  const enabled = { is_enabled_for_users: config.isEnabledForUsers };
  if (!view.isAdmin) return { ...full, ...hidden, system_message: null, ...enabled };
  const people = peopleAffected === null ? {} : { people_affected: peopleAffected };
  return { ...full, ...hidden, ...enabled, token_limit_per_user: config.tokenLimitPerUser, ...people };
}

/** Somebody or something with an amount. */
export function shareJson({ id, name, tokens }: UseShare): { id: string; name: string; tokens: number } {
  return { id, name, tokens: Number(tokens) };
}
