/** Generated from the migrations by src/database/generate.ts; do not edit. */


export interface Schema {}
