// Owns: what must be true of a model, whoever changes it. Pure. Not: reading what it is compared with (model.service.ts).

import type { ModelType } from '../../../contracts/enumerations.ts';
import type { FieldError } from '../../../contracts/problem.ts';
import { WeirError } from '../../../primitives/errors.ts';
import type { Model, ModelFields, ModelState } from './model.queries.ts';

/** A model as it would be. */
export type WantedModel = ModelFields & { readonly id: string };

/** Every fault, by the field it is in. `known`: the type of each model that it names. */
export function modelFaults(model: WantedModel, known: ReadonlyMap<string, ModelType>): FieldError[] {
  const faults: FieldError[] = [];
  if (model.tier === 'free' && model.priceCents !== null)
    faults.push({ path: 'priceCents', message: 'is for premium models: a free one is not sold' });
  model.fallbackModelIds.forEach((id, index) => {
    const message =
      model.fallbackModelIds.indexOf(id) === index ? referenceFault(model, id, known) : 'is named before in the list';
    if (message !== null) faults.push({ path: `fallbackModelIds[${index}]`, message });
  });
  if (model.replacementModelId !== null) {
    const message = referenceFault(model, model.replacementModelId, known);
    if (message !== null) faults.push({ path: 'replacementModelId', message });
  }
  return faults;
}

function referenceFault(model: WantedModel, id: string, known: ReadonlyMap<string, ModelType>): string | null {
  if (id === model.id) return 'is the model itself';
  const type = known.get(id);
  if (type === undefined) return 'is no model of the catalog';
  if ((type === 'embedding') !== (model.modelType === 'embedding')) return 'is of another kind';
  return null;
}

/** The system's default serves when nothing else does, so it has to be there for everybody. Throws 409 saying what to do. */
export function checkSystemDefault(
  model: Pick<ModelFields, 'tier' | 'status' | 'modelType' | 'retiresAt'> & ModelState & { readonly id: string },
): void {
  if (!model.isSystemDefault) return;
  const fault = defaultFault(model);
  if (fault === null) return;
  throw new WeirError('conflict', {
    message: `The system's default ${fault}. Make another model the default first: PATCH it with isSystemDefault.`,
    details: { system_default: model.id },
  });
}

function defaultFault(
  model: Pick<ModelFields, 'tier' | 'status' | 'modelType' | 'retiresAt'> & ModelState,
): string | null {
  if (model.archivedAt !== null) return 'can’t be deleted';
  if (!model.enabled) return 'can’t be switched off';
  if (model.tier !== 'free') return 'has to be free';
  if (model.status === 'unavailable') return 'has to be available';
  if (model.modelType === 'embedding') return 'has to be a model for conversations';
  if (model.retiresAt !== null) return 'can’t be retired';
  return null;
}

/** Whether a model may be switched on. Throws 409 naming `pricing` where it has no price in force. */
export function checkEnabling(model: Pick<Model, 'id' | 'archivedAt'>, hasPriceInForce: boolean): void {
  if (model.archivedAt !== null)
    throw new WeirError('conflict', { message: 'The model is archived. Take it out of the archive first.' });
  if (hasPriceInForce) return;
  const message = 'is missing: a model without a price in force can’t be enabled; free use is an explicit price of 0';
  throw new WeirError('conflict', {
    ...{ message: `pricing ${message}.`, param: 'pricing' },
    details: { errors: [{ path: 'pricing', message }] },
  });
}

/** What the audit log keeps of a model. */
export function auditedModel(model: Model): Record<string, unknown> {
  const { id, providerId, providerName, providerType, providerStatus, createdAt, updatedAt, rowVersion, ...rest } =
    model;
  return Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
}
