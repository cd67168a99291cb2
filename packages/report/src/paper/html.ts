import { escaped } from '../drawing/measure.ts'
import type { Figure } from '../figure/figure.ts'
import { figureCsv } from '../figureCsv.ts'
import { howToRead } from '../figureOf.ts'
import { embedded, zipped } from '../file/embedded.ts'
import { base64 } from '../format/base64.ts'
import { type Theme, themeProperties } from '../scale/colors.ts'
import { answerOf } from './answer.ts'
import { experimentOf } from './experiment.ts'
import type { ReportedSweep, ReportFigure, ReportOptions } from './gathered.ts'
import { cellsTable, checkRows, methodSentences, observedTable, references, reproduction } from './parts.ts'

/**
 * A report as one HTML file. The file runs no scripts, loads no other files, has light and dark colours, and can be
 * printed. If the data were requested, the file contains them in compressed form, and the page of a farm can open the
 * file.
 */
export async function htmlReport(sweeps: readonly ReportedSweep[], { made, version }: ReportOptions): Promise<string> {
  const contents = sweeps.flatMap(({ contents }) => (contents === null ? [] : [contents]))
  // The data are compressed on another thread while the figures are drawn.
  const data = contents.length === 0 ? '' : embedded(contents)
  const names = sweeps.map(({ results }) => results.sweep.name).join(', ')
  const { headlessDocument, svgOf } = await import('../drawing/index.ts')
  const document = headlessDocument()
  const draw: Draw = (figure, theme) => svgOf(figure, { document, theme, width: 720 })
  const body = (await Promise.all(sweeps.map((sweep) => sectionOf(sweep, version, draw)))).join('\n')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="generator" content="Drift Farm ${escaped(version)}">
<title>${escaped(names)} · Drift Farm</title>
<style>
${styles}
</style>
</head>
<body>
<main>
${body}
<section>
<h2>Method</h2>
${paragraphs(methodSentences(sweeps))}
<h3>References</h3>
<ol class="references">
${references(sweeps)
  .map((each) => `<li>${escaped(each)}</li>`)
  .join('\n')}
</ol>
</section>
<footer>${escaped(`Made by Drift Farm ${version} on ${made}.`)}${holds(contents.length, sweeps.length)}</footer>
</main>
${await data}
</body>
</html>
`
}

const holds = (held: number, all: number): string =>
  held === 0
    ? ''
    : ` This file contains ${held === all ? 'the data it shows' : 'only the data of the smaller sweeps'}. Drop the ` +
      'file onto the page of a farm (<code>driftfarm up</code>) to open it there.'

type Draw = (figure: Figure, theme: Theme) => string

async function sectionOf(sweep: ReportedSweep, version: string, draw: Draw): Promise<string> {
  const { results, figures, warnings } = sweep
  const { name, id, state } = results.sweep
  const slug = `s-${id.slice(0, 8)}`
  const drawn = await Promise.all(figures.map((each, place) => figureOf(each, `${slug}-${place + 1}`, draw)))
  return `<article id="${slug}">
<header>
<p class="kind">sweep ${escaped(id.slice(0, 12))} · ${escaped(state)} · seed ${escaped(results.sweep.seed)}</p>
<h1>${escaped(name)}</h1>
<dl>${experimentOf(sweep).map(partOf).join('\n')}</dl>
<div class="answer">
${paragraphs(answerOf(sweep))}
</div>
${warnings.map((warning) => `<p class="warning">${marked(warning)}</p>`).join('\n')}
</header>
<section>
<h2>Figures</h2>
${drawn.join('\n')}
</section>
<section>
<h2>Checks</h2>
${checksOf(sweep)}
</section>
${tableOf('Cells', id, cellsTable(sweep))}
${tableOf('Observed values', id, observedTable(sweep))}
<section>
<h2>Reproduction</h2>
${await reproductionOf(sweep, version)}
</section>
</article>`
}

const partOf = ({ title, formulas = [], sentences }: ReturnType<typeof experimentOf>[number]): string =>
  `<dt>${title}</dt><dd>${formulas.map((formula) => `<code>${escaped(formula)}</code><br>`).join('')}` +
  `${sentences.map(marked).join(' ')}</dd>`

async function figureOf({ figure, command }: ReportFigure, id: string, draw: Draw): Promise<string> {
  // The caption is placed below the drawing as text, so that it wraps and can be selected.
  const drawing = draw({ ...figure, caption: [] }, 'page')
    .replace(/ width="(\d+)" height="(\d+)"/, ' width="100%"')
    .replaceAll('plot-clip-', `${id}-clip-`)
  return `<figure id="${id}">
${drawing}
<figcaption>
${figure.caption.map((sentence) => `<span>${marked(sentence)}</span>`).join(' ')}
<details><summary>How to read this figure</summary><p>${escaped(howToRead(figure.figure))}</p></details>
<p class="tools"><code>${escaped(command)}</code>
${await download(`${figure.figure}.svg`, 'image/svg+xml', draw(figure, 'light'), 'SVG')}
${await download(`${figure.figure}.csv`, 'text/csv', figureCsv(figure), 'CSV')}</p>
</figcaption>
</figure>`
}

function checksOf(sweep: ReportedSweep): string {
  const rows = checkRows(sweep)
  if (rows.length === 0) return '<p>All cells pass every check.</p>'
  return `<table><thead><tr><th>verdict</th><th>check</th><th>cells</th><th>finding</th><th>what to do</th></tr></thead>
<tbody>
${rows.map((row) => `<tr class="${row[0]}">${row.map((text) => `<td>${marked(text)}</td>`).join('')}</tr>`).join('\n')}
</tbody></table>`
}

/** The end tags of rows and cells, which HTML does not require, would be a quarter of a large report. */
function tableOf(title: string, id: string, { titles, rows, note }: ReturnType<typeof cellsTable>): string {
  if (rows.length === 0) return ''
  return `<section class="wide">
<h2>${title}</h2>
<div class="scroll" role="region" aria-label="${title} of sweep ${id.slice(0, 12)}" tabindex="0">
<table class="cells"><thead><tr>${titles.map((text) => `<th>${escaped(text)}`).join('')}
<tbody>
${rows.map((row) => `<tr>${row.map((text) => `<td>${escaped(text)}`).join('')}`).join('\n')}
</table></div>
${note === null ? '' : `<p>${marked(note)}</p>`}
</section>`
}

async function reproductionOf(sweep: ReportedSweep, version: string): Promise<string> {
  const { commands, facts, spec } = reproduction(sweep, version)
  const file = `${escaped(sweep.results.sweep.name)}.yaml`
  return `<dl>${facts.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`).join('')}</dl>
<pre><code>${escaped(commands.join('\n'))}</code></pre>
<details><summary>Spec</summary><pre><code>${escaped(spec)}</code></pre>
<p class="tools">${await download(file, 'text/yaml', spec, 'Download the spec')}</p></details>`
}

const paragraphs = (sentences: readonly string[]): string =>
  sentences.map((sentence) => `<p>${marked(sentence)}</p>`).join('\n')

/** Text between backticks becomes code; all other characters stand for themselves. */
const marked = (text: string): string => escaped(text).replace(/`([^`]+)`/g, '<code>$1</code>')

/** In characters. */
const longFile = 100_000

async function download(file: string, type: string, text: string, label: string): Promise<string> {
  const isLong = text.length > longFile
  const data = isLong ? await zipped(text) : base64(new TextEncoder().encode(text))
  const address = `data:${isLong ? 'application/gzip' : type};base64,${data}`
  return `<a download="${file}${isLong ? '.gz' : ''}" href="${address}">${label}${isLong ? ' (gzip)' : ''}</a>`
}

const properties = (theme: 'light' | 'dark'): string =>
  Object.entries(themeProperties(theme))
    .map(([name, color]) => `${name}: ${color};`)
    .join(' ')

const styles = `:root { color-scheme: light dark; ${properties('light')} }
@media (prefers-color-scheme: dark) { :root { ${properties('dark')} } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--figure-paper); color: var(--figure-ink);
  font: 16px/1.55 system-ui, 'DejaVu Sans', Verdana, sans-serif; }
main { max-width: 47rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; border-bottom: 1px solid var(--figure-line); padding-bottom: .25rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
.kind { color: var(--figure-faint); font-size: .85rem; margin: 0; }
.answer { font-size: 1.1rem; border-left: 4px solid var(--figure-1); padding-left: 1rem; }
.answer p { margin: .4rem 0; }
.warning { border-left: 4px solid var(--figure-2); padding-left: 1rem; }
figure { margin: 0 0 2.5rem; }
figure svg { display: block; max-width: 100%; height: auto; }
figcaption { font-size: .9rem; color: var(--figure-faint); }
.tools { font-size: .85rem; margin: .4rem 0; }
.tools a { margin-left: .6rem; }
code, pre { font-family: ui-monospace, 'DejaVu Sans Mono', monospace; font-size: .85rem; }
pre { overflow-x: auto; border: 1px solid var(--figure-line); border-radius: 6px; padding: .75rem; }
a { color: var(--figure-1); }
.scroll { overflow: auto; max-height: 80vh; margin-bottom: 1rem; }
.cells th { position: sticky; top: 0; background: var(--figure-paper); }
table { border-collapse: collapse; font-size: .85rem; }
th, td { text-align: left; padding: .25rem .7rem .25rem 0; border-bottom: 1px solid var(--figure-line);
  vertical-align: top; }
.cells td, .cells th { white-space: nowrap; font-variant-numeric: tabular-nums; }
@media (min-width: 64rem) { .wide .scroll { margin-right: -8rem; } }
@media (max-width: 40rem) { td { overflow-wrap: anywhere; } }
tr.wrong td:first-child { border-left: 4px solid var(--figure-2); padding-left: .5rem; font-weight: 700; }
tr.doubtful td:first-child { font-weight: 700; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; font-size: .9rem; }
dt { color: var(--figure-faint); }
dd { margin: 0; overflow-wrap: anywhere; }
footer { margin-top: 3rem; color: var(--figure-faint); font-size: .85rem; }
article + article { margin-top: 4rem; }
@media print {
  :root { color-scheme: light; ${properties('light')} }
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  figure, tr, .answer { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .tools a, details:not([open]) { display: none; }
  .scroll { overflow: visible; max-height: none; }
  .wide .scroll { margin-right: 0; }
  .cells { font-size: 7pt; width: 100%; }
  .cells td, .cells th { white-space: normal; padding: 0 .35rem 0 0; line-height: 1.25; }
  .cells td:last-child { overflow-wrap: anywhere; }
  article + article { break-before: page; }
}`
