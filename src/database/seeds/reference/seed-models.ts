// Owns: writing providers, models and dated prices. Not: their data (the modules beside) or an owner's changes, which it never touches.

import { toPriceColumns } from '../../price-columns.ts';
import { insertMissing, insertOnce, type SeedClient, type SeedRow } from '../seed-client.ts';
import type { SeedTools } from '../seed-tools.ts';
import { currentModels } from './current-models.ts';
import { type ModelSeed, modelColumns } from './model-seed.ts';
import { namedModels } from './named-models.ts';
import { findLibraryModel, type LibraryPrice } from './price-library.ts';
import { sandboxProviderRows, vendorRows } from './provider-rows.ts';
import { sandboxModels } from './sandbox-models.ts';

/** Writes the vendors with their models, and the sandbox's when asked. A model that the library can't price is left out. */
export async function seedModels(client: SeedClient, tools: SeedTools, options: { sandbox: boolean }): Promise<void> {
  const providers = options.sandbox ? [...vendorRows, ...sandboxProviderRows] : vendorRows;
  await insertOnce(
    client,
    { table: 'providers', key: ['slug'] },
    providers.map((row) => ({ id: tools.newId(), ...row })),
  );
  const providerIds = await readProviderIds(client);
  const models: SeedRow[] = [];
  const prices = new Map<string, readonly LibraryPrice[]>();
  for (const [index, seed] of [...namedModels, ...currentModels].entries()) {
    const known = findLibraryModel(seed.vendor, seed.libraryId);
    const providerId = providerIds.get(seed.vendor);
    if (!known || !providerId) continue;
    models.push({
      ...modelColumns(seed),
      provider_id: providerId,
      context_window: known.contextWindow,
      sort_order: sortOrder(seed, index),
    });
    prices.set(seed.id, known.prices);
  }
  await insertOnce(client, { table: 'models', key: ['id'] }, withoutSecondDefault(models, await hasDefault(client)));
  if (options.sandbox) await insertOnce(client, { table: 'models', key: ['id'] }, sandboxRows(providerIds));
  if (options.sandbox) for (const model of sandboxModels) prices.set(model.id, [sandboxPrice(model.price)]);
  await seedPrices(client, tools, prices);
}

/** The named models keep their places at the front; embeddings come after everything that talks. */
function sortOrder(seed: ModelSeed, index: number): number {
  return (seed.type === 'embedding' ? 1000 : 0) + (index + 1) * 10;
}

async function readProviderIds(client: SeedClient): Promise<Map<string, string>> {
  const { rows } = await client.query<{ slug: string; id: string }>('select slug, id from weir.providers');
  return new Map(rows.map((row) => [row.slug, row.id]));
}

async function hasDefault(client: SeedClient): Promise<boolean> {
  const { rowCount } = await client.query('select 1 from weir.models where is_system_default');
  return rowCount !== 0;
}

/** Only one model may be the default: an owner's choice stands, even when the seeded one was deleted. */
function withoutSecondDefault(models: readonly SeedRow[], isChosen: boolean): SeedRow[] {
  return models.map((model) => (isChosen ? { ...model, is_system_default: false } : model));
}

function sandboxRows(providerIds: ReadonlyMap<string, string>): SeedRow[] {
  const served = sandboxModels.filter((model) => providerIds.has(model.provider));
  return served.map((model, index) => ({
    id: model.id,
    provider_id: providerIds.get(model.provider),
    provider_model_id: model.id,
    display_name: model.displayName,
    description: model.description,
    model_type: model.type,
    tier: 'free',
    status: 'available',
    enabled: true,
    capabilities: model.capabilities,
    context_window: model.contextWindow,
    max_output_tokens: model.maxOutputTokens,
    metadata: { sandbox: true, protocol: model.protocol },
    sort_order: 2000 + index * 10,
  }));
}

function sandboxPrice(price: (typeof sandboxModels)[number]['price']): LibraryPrice {
  return {
    effectiveFrom: new Date('2020-01-01T00:00:00Z'),
    ...price,
    cacheWrite: null,
    cacheWrite1h: null,
    longContext: null,
  };
}

/**
 * Adds what the library says and the table doesn't: a model with no price gets its whole history; one whose prices all came
 * from seeds gets what changed since, from now on (a past call keeps its price); one that an administrator priced is left alone.
 */
async function seedPrices(
  client: SeedClient,
  tools: SeedTools,
  wanted: ReadonlyMap<string, readonly LibraryPrice[]>,
): Promise<void> {
  const { rows } = await client.query<StoredPrice>(storedPricesQuery);
  const stored = Map.groupBy(rows, (row) => row.model_id);
  const now = new Date(tools.nowMs);
  const added: SeedRow[] = [];
  for (const [modelId, history] of wanted) {
    const present = stored.get(modelId);
    if (!present) continue;
    if (present.some((row) => row.source === 'admin' || row.source === 'import')) continue;
    for (const price of missingPrices(present, history, now)) added.push(toRow(tools, modelId, price));
  }
  await insertMissing(client, 'model_prices', added);
}

interface StoredPrice {
  model_id: string;
  source: string | null;
  effective_from: Date | null;
  /** Null for a model without any price. */
  fingerprint: string | null;
}

/** One row a price, and one with nulls for a model without any. The fingerprint holds every amount in the order of `fingerprint` below. */
const storedPricesQuery = `
  select m.id as model_id, p.source, p.effective_from,
    case when p.id is null then null else concat_ws('/', p.input_nano_usd_per_million, p.output_nano_usd_per_million,
      coalesce(p.cached_input_nano_usd_per_million::text, '-'), coalesce(p.cache_write_nano_usd_per_million::text, '-'),
      coalesce(p.cache_write_1h_nano_usd_per_million::text, '-'), coalesce(p.long_context_above_tokens::text, '-'),
      coalesce(p.long_context_input_nano_usd_per_million::text, '-'), coalesce(p.long_context_output_nano_usd_per_million::text, '-'))
    end as fingerprint
  from weir.models m left join weir.model_prices p on p.model_id = m.id
  order by m.id, p.effective_from`;

function fingerprint(price: LibraryPrice): string {
  const long = price.longContext;
  return [
    price.input,
    price.output,
    price.cachedInput,
    price.cacheWrite,
    price.cacheWrite1h,
    long?.aboveTokens,
    long?.input,
    long?.output,
  ]
    .map((amount) => amount?.toString() ?? '-')
    .join('/');
}

function missingPrices(present: readonly StoredPrice[], history: readonly LibraryPrice[], now: Date): LibraryPrice[] {
  const dated = present.filter((row) => row.effective_from !== null);
  if (dated.length === 0) return [...history];
  const storedInForce = dated.findLast((row) => row.effective_from !== null && row.effective_from <= now);
  const wantedInForce = history.findLast((price) => price.effectiveFrom <= now);
  const changed = wantedInForce && storedInForce?.fingerprint !== fingerprint(wantedInForce);
  const announced = history.filter((price) => price.effectiveFrom > now);
  return [...(changed ? [{ ...wantedInForce, effectiveFrom: now }] : []), ...announced];
}

function toRow(tools: SeedTools, modelId: string, price: LibraryPrice): SeedRow {
  return {
    id: tools.newId(),
    model_id: modelId,
    effective_from: price.effectiveFrom,
    ...toPriceColumns({ ...price, reasoning: null }),
    source: 'seed',
  };
}
