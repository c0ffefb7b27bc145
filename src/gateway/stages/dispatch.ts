// Owns: where an admitted call goes: the model's provider, then its fallbacks, each with its request written when its turn comes.
// Not: attempts, breakers and sockets (upstream/), or what the request looks like (the provider's carrier).

import { WeirError } from '../../primitives/errors.ts';
import { carrierFor } from '../../providers/carriers.ts';
import { credentialHeaders } from '../../providers/credentials.ts';
import type { CallOverlay, CarryInput } from '../../providers/protocol.ts';
import { inBothProtocols, outputLimit } from '../../providers/wire/request-overlay.ts';
import type { AdmittedCall, Resolution } from '../call.ts';
import { providerOf } from '../snapshot/endpoint-facts.ts';
import type { ModelFacts, PlatformFacts, ProviderFacts } from '../snapshot/facts.ts';
import type { ChooseProvider } from '../snapshot/provider-choice.ts';
import type { AttemptsOutcome, AttemptTarget, PreparedCall } from '../upstream/attempt-target.ts';
import type { Upstream } from '../upstream/create-upstream.ts';

/** Refuses the older name of a field that other servers of its protocol know alone. */
const OPENAI_ITSELF = 'https://api.openai.com/';

/** What dispatching needs. */
export interface DispatchDependencies {
  readonly upstream: Upstream;
  readonly chooseProvider: ChooseProvider;
}

/**
 * Sends the call on its way and waits for the head of a stream or the whole answer.
 * @throws {WeirError} `unsupported_parameter` for what cannot be carried to the model's provider, `no_healthy_provider` where there is none
 */
export function dispatchCall(
  { upstream, chooseProvider }: DispatchDependencies,
  call: AdmittedCall,
): Promise<AttemptsOutcome> {
  const { caller, admission } = call;
  const targets: AttemptTarget[] = [];
  for (const model of admission.candidates) {
    const known = providerOf(caller.platform, model);
    if (!known || known.status === 'inactive') continue;
    const provider = chooseProvider(known, caller.organization);
    // A server of one's own may ask for no key; a vendor answers nobody without.
    if (provider.secret === null && provider.type !== 'custom' && provider.type !== 'endpoint') continue;
    targets.push({
      provider,
      modelId: model.id,
      credentialId: provider === known ? ownerOf(known, admission) : caller.organization.id,
      prepare: () => prepare(call, model, provider),
    });
  }
  if (targets.length === 0) {
    throw new WeirError('no_healthy_provider', {
      retryAfterSeconds: 60,
      internal: `no provider with a credential for ${admission.resolution.model.id}`,
    });
  }
  return upstream.run({ targets, isStream: call.parsed.stream, cancellation: call.client });
}

/** Whose the secret is: the platform's, or with an endpoint of a template's own the organization's that keeps the template. */
function ownerOf(provider: ProviderFacts, { resolution }: AdmittedCall['admission']): string {
  return (provider.type === 'endpoint' ? resolution.template?.organizationId : null) ?? 'platform';
}

function prepare(call: AdmittedCall, model: ModelFacts, provider: ProviderFacts): PreparedCall {
  const { parsed, admission, outputCap, caller, incoming } = call;
  const carrier = carrierFor(parsed.route, provider.protocol);
  if (!carrier) {
    throw new WeirError('unsupported_parameter', {
      message: `The model ${model.id} cannot be called through this route. Choose another model from GET /v1/models.`,
      param: 'model',
    });
  }
  const beta = incoming.headers['anthropic-beta'];
  const asked: CarryInput = {
    call: parsed,
    providerModelId: model.providerModelId,
    outputCap,
    modelMaxOutputTokens: model.maxOutputTokens,
    overlay: overlayOf(admission.resolution, provider, caller.platform),
    endUserId: caller.member?.userId ?? null,
    prefersMaxTokensField: provider.type !== 'openai' && !provider.baseUrl.startsWith(OPENAI_ITSELF),
    anthropicBeta: typeof beta === 'string' ? beta : null,
    createdSeconds: Math.floor(call.hold.reservedAtMs / 1000),
  };
  // The hold covers what the model that was asked for may write; a fallback may be able to less, and its provider would refuse more.
  const limit = outputLimit(asked);
  const input =
    limit !== null && limit > model.maxOutputTokens ? { ...asked, outputCap: model.maxOutputTokens } : asked;
  return {
    carrier,
    input,
    carried: carrier.request(input),
    credentials: credentialHeaders(provider.protocol, provider.secret ?? ''),
  };
}

/** What the template adds at this provider. A fallback may speak another protocol than the model that the template's parameters are for. */
function overlayOf(
  { overlay, model }: Resolution,
  { protocol }: ProviderFacts,
  platform: PlatformFacts,
): CallOverlay | null {
  if (overlay === null) return null;
  const own = providerOf(platform, model)?.protocol ?? protocol;
  return own === protocol ? overlay : inBothProtocols(overlay);
}
