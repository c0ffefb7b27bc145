// Owns: the price library as the catalog asks it: which entry of the library a model is. Not: reading its data (database/seeds), or what becomes of its prices.

import { readFileSync } from 'node:fs';
import { calcPrice } from '@pydantic/genai-prices';
import type { PriceLibrary } from '../control/catalog/index.ts';
import { findLibraryModel } from '../database/seeds/reference/price-library.ts';

const VENDORS = ['openai', 'anthropic', 'google', 'together'] as const;
type Vendor = (typeof VENDORS)[number];

/** The library that reference data is seeded from. */
export function createPriceLibrary(): PriceLibrary {
  return {
    name: `@pydantic/genai-prices ${libraryVersion()}`,
    findPrice({ id, providerType, providerModelId }, at) {
      const vendor = VENDORS.find((one) => one === providerType);
      if (vendor === undefined) return undefined;
      const entry = findEntry(vendor, [id, providerModelId]);
      const price = entry?.prices.findLast(({ effectiveFrom }) => effectiveFrom <= at);
      if (price === undefined) return undefined;
      const { effectiveFrom, ...amounts } = price;
      return amounts;
    },
  };
}

/** By the model's own id before the vendor's name for it, as seeds do; the library knows other spellings of both. */
function findEntry(vendor: Vendor, names: readonly string[]): ReturnType<typeof findLibraryModel> {
  for (const name of names) {
    const entry = findLibraryModel(vendor, name);
    if (entry !== undefined) return entry;
  }
  for (const name of names) {
    const known = calcPrice({}, name, { providerId: vendor })?.model.id;
    const entry = known === undefined ? undefined : findLibraryModel(vendor, known);
    if (entry !== undefined) return entry;
  }
  return undefined;
}

function libraryVersion(): string {
  const place = new URL('../package.json', import.meta.resolve('@pydantic/genai-prices'));
  return (JSON.parse(readFileSync(place, 'utf8')) as { readonly version: string }).version;
}
