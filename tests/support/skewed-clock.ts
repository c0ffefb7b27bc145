// Owns: the wall clock of a server process that a test has set wrong: loaded before everything else (NODE_OPTIONS --import), moved by
// CHAOS_CLOCK_OFFSET_MS. Not: the monotonic clock, which nobody can set, or the database's.

const offsetMs = Number(process.env.CHAOS_CLOCK_OFFSET_MS ?? 0);
const RealDate = Date;
const realNow = RealDate.now;

Date.now = () => realNow() + offsetMs;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, values, newTarget) =>
    Reflect.construct(target, values.length === 0 ? [realNow() + offsetMs] : values, newTarget),
});
