// Owns: what is different between two contents of a template, and how that is said in a line. Pure. Not: keeping revisions (template-revision.queries.ts).

import type { TemplateField } from '../../../contracts/catalog/template-fields.ts';

/** One field that is not the same. */
export interface FieldChange {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

const SUMMARY_FIELDS_MAX = 8;

/** The fields in which two contents differ, in the order of the first. */
export function diffContents(before: object, after: object): FieldChange[] {
  const [from, to] = [before as Record<string, unknown>, after as Record<string, unknown>];
  const fields = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return fields
    .filter((field) => canonical(from[field]) !== canonical(to[field]))
    .map((field) => ({ field, from: from[field] ?? null, to: to[field] ?? null }));
}

/** JSON with the keys of objects in order: jsonb keeps them in its own. */
function canonical(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

/** A line that names the fields. */
export function summaryOf(changes: readonly FieldChange[]): string {
  const names = changes.map(({ field }) => field);
  const shown = names.slice(0, SUMMARY_FIELDS_MAX).join(', ');
  return names.length > SUMMARY_FIELDS_MAX ? `${shown} and ${names.length - SUMMARY_FIELDS_MAX} more` : shown;
}

/** The acts a change can be, as audit log and product events name them. */
export type ChangeAct = 'update' | 'activate' | 'deactivate' | 'feature' | 'unfeature' | 'rollback';

/** Which act a change of these fields is: a switch alone has its own name. */
export function actOf(changes: readonly FieldChange[]): ChangeAct {
  const [first, another] = changes;
  if (first === undefined || another !== undefined) return 'update';
  if (first.field === ('is_active' satisfies TemplateField)) return first.to === true ? 'activate' : 'deactivate';
  if (first.field === ('is_featured' satisfies TemplateField)) return first.to === true ? 'feature' : 'unfeature';
  return 'update';
}
