// Owns: whether a template's content may be kept as it is: what holds between its fields, and that what it names is there. Not: how fields look (contracts).

import type { TemplateContent } from '../../../contracts/catalog/template-fields.ts';
import type { FieldError } from '../../../contracts/problem.ts';
import type { DatabaseTransaction } from '../../../database/pool.ts';
import { findModelType, findUnknownBusinessTypes } from './template.queries.ts';
import type { FieldChange } from './template-change.rules.ts';
import { contentFaults } from './template-content.rules.ts';

/** What can be switched whatever became of the rest: a template whose model is gone can still be taken out of service. */
const SWITCHES: readonly string[] = ['is_active', 'is_featured', 'sort_order'];

/** What is not right, one entry a field. What is not changed is not asked about again: `changes` is null for a new template. */
export async function findReferenceFaults(
  tx: DatabaseTransaction,
  content: TemplateContent,
  changes: readonly FieldChange[] | null,
): Promise<FieldError[]> {
  const isChanged = (field: keyof TemplateContent): boolean =>
    changes === null || changes.some((change) => change.field === field);
  const faults: FieldError[] = [];
  if (changes === null || changes.some(({ field }) => !SWITCHES.includes(field)))
    faults.push(...contentFaults(content));
  const { model_id: modelId } = content;
  if (modelId !== null && isChanged('model_id')) {
    const type = await findModelType(tx, modelId);
    if (type === undefined) faults.push({ path: 'model_id', message: 'is not a model that can be used' });
    if (type === 'embedding')
      faults.push({ path: 'model_id', message: 'is a model for embeddings, which does not chat' });
  }
  if (isChanged('business_types')) {
    const unknown = await findUnknownBusinessTypes(tx, content.business_types);
    for (const slug of unknown)
      faults.push({ path: `business_types[${content.business_types.indexOf(slug)}]`, message: 'is not known' });
  }
  return faults;
}
