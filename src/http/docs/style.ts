/** How the page at `/docs` looks: in light and dark, on a wide screen and on a phone. */
export const STYLE = `
:root { color-scheme: light dark; --fg: #1c2430; --dim: #5a6675; --bg: #fff; --panel: #f4f6f9; --line: #d9dfe7;
  --link: #0b5cad; --get: #0b6b3a; --post: #0b5cad; --put: #8a4b00; --patch: #6b3fa0; --delete: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --fg: #e4e9f0; --dim: #9aa7b8; --bg: #12161c; --panel: #1b212a;
  --line: #323b48; --link: #7ab7ff; --get: #6fd39b; --post: #7ab7ff; --put: #f0b35e; --patch: #c7a4ff; --delete: #ff8f87; } }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; color: var(--fg); background: var(--bg); font: 16px/1.55 system-ui, sans-serif; display: grid;
  grid-template-columns: minmax(15rem, 20rem) minmax(0, 1fr); grid-template-areas: "header header" "nav main"; }
header { grid-area: header; padding: 1.5rem 2rem .5rem; border-bottom: 1px solid var(--line); }
nav { grid-area: nav; padding: 1.25rem 1rem 2rem 2rem; position: sticky; top: 0; align-self: start; max-height: 100vh;
  overflow-y: auto; font-size: .875rem; border-right: 1px solid var(--line); }
main { grid-area: main; padding: 0 2rem 4rem; max-width: 64rem; }
h1 { margin: 0; font-size: 1.75rem; } h1 small { color: var(--dim); font-weight: normal; }
h2 { margin: 2.5rem 0 .5rem; font-size: 1.3rem; } h3 { margin: 0 0 .5rem; font-size: 1.05rem; overflow-wrap: anywhere; }
h4 { margin: 1rem 0 .4rem; font-size: .875rem; color: var(--dim); }
p { margin: .4rem 0; } a { color: var(--link); text-decoration: none; } a:hover { text-decoration: underline; }
article { border: 1px solid var(--line); border-radius: .5rem; padding: 1rem 1.25rem; margin: 1rem 0; }
article:target { border-color: var(--link); box-shadow: 0 0 0 1px var(--link); }
h3 a { color: inherit; } code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .85em; }
pre { background: var(--panel); border-radius: .375rem; padding: .75rem; overflow-x: auto; margin: .5rem 0; }
pre code { font-size: .8rem; line-height: 1.45; }
.method { display: inline-block; min-width: 3.6em; font: 600 .75rem ui-monospace, monospace; }
.get { color: var(--get); } .post { color: var(--post); } .put { color: var(--put); } .patch { color: var(--patch); }
.delete { color: var(--delete); } .good { color: var(--get); } .bad { color: var(--delete); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .875rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); }
thead th { color: var(--dim); font-weight: normal; } tbody th { font-weight: normal; white-space: nowrap; }
small { color: var(--dim); } ul { margin: .3rem 0; padding-left: 1.2rem; } nav ul { list-style: none; padding-left: .8rem; }
nav li { margin: .2rem 0; overflow-wrap: anywhere; } summary { cursor: pointer; padding: .15rem 0; overflow-wrap: anywhere; }
main details { border-top: 1px solid var(--line); padding: .3rem 0; } main summary strong { display: inline-block; min-width: 2.5em; }
@media (max-width: 50rem) { body { display: block; } header { padding: 1rem; } main { padding: 0 1rem 3rem; }
  nav { position: static; max-height: none; border-right: 0; border-bottom: 1px solid var(--line); padding: .75rem 1rem; }
  article { padding: .75rem; } tbody th { white-space: normal; } }
`;
