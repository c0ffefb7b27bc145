// Owns: giving dependency-cruiser a TypeScript it can parse with.
// Does not own: the type check, which TypeScript 7 does.

import { registerHooks } from 'node:module';

/** npm alias of the last TypeScript that has a JavaScript API; TypeScript 7 has none. */
const PARSER_PACKAGE = 'typescript-6';

/**
 * From here on dependency-cruiser's import of `typescript` gives the parser package. Without it dependency-cruiser
 * would quietly leave out every `.ts` file and find nothing to complain about.
 * Call before importing dependency-cruiser.
 */
export function provideTypescriptParser(): void {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const wanted = specifier === 'typescript' || specifier.startsWith('typescript/');
      const fromCruiser = context.parentURL?.includes('/node_modules/dependency-cruiser/') ?? false;
      const target = wanted && fromCruiser ? specifier.replace('typescript', PARSER_PACKAGE) : specifier;
      return nextResolve(target, context);
    },
  });
}
