// Owns: where the examples find Weir and a key. Not: any call.

import { readFileSync } from 'node:fs';

/** From WEIR_URL and WEIR_KEY, else from the demo world's file. */
export function findWeir() {
  const { WEIR_URL: url, WEIR_KEY: key } = process.env;
  if (url && key) return { url, key };
  const demo = JSON.parse(readFileSync('.weir/demo.json', 'utf8'));
  return { url: url ?? demo.url, key: key ?? demo.keys.pro };
}
