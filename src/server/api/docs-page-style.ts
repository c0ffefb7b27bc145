// Owns: how the documentation page looks, by day and by night. Not: what it says (docs-page.ts).

/** One style sheet. Colours keep a contrast of 4.5:1 in both schemes. */
export const DOCS_PAGE_STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1a1d21, #e6e8eb); --dim: light-dark(#545b64, #a3abb5); --line: light-dark(#d9dde2, #363c44);
  --paper: light-dark(#fff, #15181c); --well: light-dark(#f4f6f8, #1e2329); --link: light-dark(#0b57a4, #8cc2ff); }
* { box-sizing: border-box; }
body { margin: 0; display: grid; grid-template-columns: 17rem minmax(0, 1fr); color: var(--ink); background: var(--paper);
  font: 1rem/1.5 system-ui, sans-serif; }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1rem; border-right: 1px solid var(--line); font-size: .875rem; }
nav ul { margin: .25rem 0 .75rem; padding-left: 1rem; list-style: none; }
nav li { margin: .25rem 0; }
main { padding: 1.5rem 2rem 6rem; max-width: 62rem; }
a { color: var(--link); }
summary { cursor: pointer; padding: .5rem 0; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.brand { font-size: 1.25rem; font-weight: 600; margin: 0 0 1rem; }
.operation { border-top: 1px solid var(--line); }
.operation[open] { padding-bottom: 1.5rem; }
.operation:target > summary { background: var(--well); }
.method { display: inline-block; min-width: 4.5rem; font: 600 .8rem ui-monospace, monospace; }
.get { color: light-dark(#0a6b3d, #6fd6a2); } .post { color: light-dark(#0b57a4, #8cc2ff); } .put, .patch { color: light-dark(#8a4b00, #f0b463); }
.delete { color: light-dark(#b3261e, #ff9d94); }
.what, .role, .type { color: var(--dim); }
.type { margin: .5rem 0 0; font-size: .875rem; }
code, pre { font: .875rem/1.5 ui-monospace, monospace; }
pre { margin: .25rem 0 1rem; padding: .75rem 1rem; overflow: auto; max-height: 28rem; background: var(--well); border-radius: .375rem; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
th, td { text-align: left; vertical-align: top; padding: .375rem .75rem .375rem 0; border-bottom: 1px solid var(--line); font-weight: 400; }
dt { font-weight: 600; margin-top: .5rem; } dd { margin: 0 0 0 1rem; } dd p { margin: .125rem 0; }
@media (max-width: 50rem) { body { grid-template-columns: minmax(0, 1fr); } nav { position: static; height: auto; border-right: 0; } main { padding: 1rem; } }
`;
