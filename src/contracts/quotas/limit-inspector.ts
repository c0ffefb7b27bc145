// Owns: what the control plane asks of the gateway about limits, as types: it imports no gateway, and what it tells is what the gateway decides. Not: deciding
// (src/gateway).

/** Whose limits. */
export interface InspectedPerson {
  readonly organizationId: string;
  readonly userId: string;
  /** Where they ask from; null where that isn't known. */
  readonly ip: string | null;
}

/** The call that is thought of. */
export interface LimitQuestion {
  /** Null: the template's, else what the person prefers. */
  readonly modelId: string | null;
  readonly templateId: string | null;
  /** A feature's name. */
  readonly feature: string | null;
  /** All tokens of the call, its answer included; null: the least that a call may have. */
  readonly tokens: bigint | null;
}

/** Who set a limit. `organization_configuration`: an admin's limit on a template; `credits`: what the organization's lots hold. */
export type LimitSource =
  | 'plan'
  | 'organization'
  | 'organization_configuration'
  | 'template'
  | 'model'
  | 'budget'
  | 'credits'
  | 'override';

/** A rule before the meters. */
export interface InspectedCheck {
  readonly rule: string;
  /** Why it refuses; null: it lets the call pass. */
  readonly refusal: { readonly code: string; readonly message: string } | null;
}

/** A meter as the gateway would ask it. Amounts are in its unit. */
export interface InspectedMeter {
  readonly kind: string;
  /** What people call it. */
  readonly name: string;
  readonly unit: 'tokens' | 'messages' | 'requests' | 'credits' | 'nano_usd';
  readonly window: string;
  /** A soft one counts and never refuses. */
  readonly mode: 'hard' | 'soft';
  /** Null: counted, not limited. */
  readonly limit: bigint | null;
  /** The limit without what raises it for a time. */
  readonly ordinaryLimit: bigint | null;
  readonly used: bigint;
  readonly held: bigint;
  readonly asked: bigint;
  /** Null: never. */
  readonly resetsAtMs: number | null;
  /** Null where nothing limits. */
  readonly source: LimitSource | null;
  /** Id of the template, model or budget behind it; empty where it is the organization's own. */
  readonly target: string;
  /** When what raises it ends; null: nothing does, or it has no end. */
  readonly raisedUntilMs: number | null;
  readonly fits: boolean;
  /** What a call is told that finds no room in it. */
  readonly refusal: { readonly code: string; readonly message: string };
}

/** What the gateway would decide now. */
export interface LimitInspection {
  readonly model: { readonly id: string; readonly name: string };
  readonly template: { readonly id: string; readonly slug: string } | null;
  readonly feature: string | null;
  /** Why another model than the one that was meant would serve; null: that one would. */
  readonly fallback: string | null;
  /** By what right the model may be used. */
  readonly right: string;
  /** In the order in which they are asked. */
  readonly checks: readonly InspectedCheck[];
  /** In the order in which a denial is reported. */
  readonly meters: readonly InspectedMeter[];
}

/** Looks at a call without making it: nothing is held. */
export interface LimitInspector {
  /** Rejects with `not_found` for somebody who is no member, `model_not_found` for a model, template or feature that means nothing. */
  inspect(person: InspectedPerson, question: LimitQuestion): Promise<LimitInspection>;
}
