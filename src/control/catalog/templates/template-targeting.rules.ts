// Owns: why somebody of an organization would not see a system template. Pure; the same rule that lists (template-list.queries.ts), row level security and the
// gateway have, said in words. Not: their own rows.

import type { HiddenReason } from '../../../contracts/catalog/system-model-reports.ts';
import type { TemplateContent } from '../../../contracts/catalog/template-fields.ts';

/** What is asked of an organization. */
export interface TargetedOrganization {
  readonly businessType: string | null;
  readonly plan: string;
  readonly planLevel: number;
}

/** All reasons, none when they would see it. */
export function hiddenReasons(options: {
  readonly content: Pick<TemplateContent, 'is_active' | 'business_types' | 'required_plan'>;
  /** The level of the plan that the template needs. */
  readonly requiredLevel: number;
  readonly organization: TargetedOrganization;
  readonly isEnabledForUsers: boolean;
  readonly as: 'admin' | 'member';
  /** The platform's switch for all system templates. */
  readonly isSwitchedOff: boolean;
}): { readonly code: HiddenReason; readonly message: string }[] {
  const { content, requiredLevel, organization, isEnabledForUsers, as, isSwitchedOff } = options;
  const { businessType, plan, planLevel } = organization;
  const { business_types: types } = content;
  const isForType = types.length === 0 || (businessType !== null && types.includes(businessType));
  const reasons: (readonly [holds: boolean, code: HiddenReason, message: string])[] = [
    [isSwitchedOff, 'switched_off', 'System templates are switched off on the whole platform.'],
    [!content.is_active, 'not_active', 'The template is not active.'],
    [
      !isForType,
      'business_type',
      `It is for ${types.join(', ')}; the organization is ${businessType ?? 'of no type'}.`,
    ],
    [planLevel < requiredLevel, 'plan', `It needs the plan ${content.required_plan}; the organization has ${plan}.`],
    [
      as === 'member' && !isEnabledForUsers,
      'not_enabled',
      'No admin of the organization has switched it on for users.',
    ],
  ];
  return reasons.filter(([holds]) => holds).map(([, code, message]) => ({ code, message }));
}
