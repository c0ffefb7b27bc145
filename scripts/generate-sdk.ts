// Owns: writing the SDK's generated file: `node scripts/generate-sdk.ts`. Not: its text (sdk-source.ts).

import { writeFileSync } from 'node:fs';
import { ENDPOINTS } from '../src/contracts/endpoints.ts';
import { sdkSource } from './sdk-source.ts';

writeFileSync(new URL('../sdk/src/operations.generated.ts', import.meta.url), sdkSource(ENDPOINTS));
console.log('sdk/src/operations.generated.ts is written.');
