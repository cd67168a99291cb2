import { themeProperties } from '@driftfarm/report'

const [light, dark] = [themeProperties('light'), themeProperties('dark')]

const colors = Object.entries(light)
  .map(([name, color]) => `${name}: light-dark(${color}, ${dark[name]});`)
  .join(' ')

/** A sheet that a script makes is allowed by content security policies that forbid inline styles. */
export const styleSheet = new CSSStyleSheet()

styleSheet.replaceSync(`:host { display: block; ${colors} background: var(--figure-paper); color: var(--figure-ink);
  font: 15px/1.5 system-ui, 'DejaVu Sans', Verdana, sans-serif; }
:host([hidden]) { display: none; }
:host([theme=light]) { color-scheme: light; }
:host([theme=dark]) { color-scheme: dark; }
.content:not(:empty) { padding: .5rem; }
h2 { font-size: 1.4rem; line-height: 1.2; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h3 { font-size: 1.1rem; margin: 1.5rem 0 .5rem; }
p { margin: .4rem 0; }
.kind, figcaption, summary { color: var(--figure-faint); font-size: .85rem; }
.answer { border-left: 4px solid var(--figure-1); padding-left: 1rem; }
.warning, .failure { border-left: 4px solid var(--figure-2); padding-left: 1rem; }
figure { margin: 0 0 1rem; }
figure svg { display: block; max-width: 100%; height: auto; }
.scroll { overflow-x: auto; }
pre, code { font-family: ui-monospace, 'DejaVu Sans Mono', monospace; font-size: .85rem; }
pre { margin: 0; }
table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .2rem .7rem .2rem 0; border-bottom: 1px solid var(--figure-line);
  vertical-align: top; }
.cells td, .cells th { white-space: nowrap; }`)
