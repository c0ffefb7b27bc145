// Owns: the face of the SDK. Not: anything behind it.

export type { Call, FileAnswer, Page, PageCall, RequestOptions, ResponseFacts } from './call.ts';
export { createWeir, type WeirOptions } from './create-weir.ts';
export { isProblem, WeirConnectionError, WeirProblem } from './errors.ts';
export type * from './operations.generated.ts';
