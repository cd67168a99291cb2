// npm run figures -- FOLDER: draws every kind of figure of small sweeps, as SVG, PNG and PDF, light and dark, with a
// page index.html that shows all of them. The sweeps are computed, so no number is invented. Look at the page after a
// change of figures. Words after the folder select sweeps: `npm run figures -- out three large`.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { figureFile, readSpec } from '@driftfarm/farm'
import {
  type Envelope,
  type Figure,
  figureKinds,
  landscapeFigure,
  landscapeScene,
  type SweepFigure,
  sliceScene,
} from '@driftfarm/report'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { farm, type Run } from '../packages/driftfarm/src/index.ts'

const [out, ...chosen] = process.argv.slice(2)
if (out === undefined) {
  process.stderr.write('error: no folder: use npm run figures -- FOLDER\n')
  process.exit(2)
}
const folder = resolve(out)

type Spec = Readonly<Record<string, unknown>>
const eta = 'update.eta'
const sigma = 'update.drift.sigma'
const base = {
  version: 1,
  seed: 20261202,
  landscape: { preset: 'double-well' },
  start: { minimum: 'left' },
  update: { rule: 'gradient', eta: 0.1, drift: { form: 'additive', law: 'gaussian', sigma: 1 } },
  trial: { steps: 300, escape: 'x >= 0' },
  observe: { height: { value: 'loss', at: ['horizon'], every: 10 } },
  trials: 2000,
}
const contrast = (path: string, ...between: readonly number[]) => ({ of: 'escape', between: { [path]: between } })
const fitOf = 'log(escapeRate) ~ 1/sigma^2'

interface Case {
  readonly spec: Spec
  /** The path that a threshold search varies, and its range. None for a sweep without a search. */
  readonly search?: { readonly over: Spec; readonly within: number }
  /** More figures than one of each kind. */
  readonly more?: readonly SweepFigure[]
}

const cases: Readonly<Record<string, Case>> = {
  plain: {
    spec: {
      ...base,
      sweep: { [eta]: [0.05, 0.1, 0.2], [sigma]: [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2] },
      contrasts: [contrast(sigma, 1.5, 1), contrast(sigma, 2, 1.75)],
    },
    search: { over: { [sigma]: { from: 0.5, to: 2 } }, within: 0.05 },
    more: [
      { kind: 'line', x: 'sigma', by: 'eta', log: ['y'] },
      { kind: 'line', x: 'sigma', by: 'eta', oracle: true },
      { kind: 'line', x: 'eta', by: 'sigma' },
      { kind: 'map', show: 'width' },
      { kind: 'map', log: ['z'], contour: 0.1 },
      { kind: 'curve', cell: 8 },
    ],
  },
  none: {
    spec: {
      ...base,
      sweep: { [eta]: [0.05, 0.1], [sigma]: [0.1, 0.2, 0.3] },
      contrasts: [contrast(sigma, 0.2, 0.1)],
    },
    search: { over: { [sigma]: { from: 0.05, to: 0.3 } }, within: 0.05 },
    more: [
      { kind: 'line', x: 'sigma', by: 'eta', log: ['y'] },
      { kind: 'map', y: 'eta', log: ['z'] },
    ],
  },
  one: { spec: { ...base, landscape: { preset: 'mueller-brown' }, start: { minimum: 'left' }, ...muellerBrown() } },
  log: {
    spec: {
      ...base,
      let: { T: 0.1 },
      update: { ...base.update, drift: { form: 'additive', law: 'gaussian', temperature: '= T' } },
      sweep: { 'let.T': { from: 0.001, to: 1, count: 10, scale: 'log' } },
      contrasts: [{ of: 'escape', between: { 'let.T': [1, 0.1] }, kind: 'ratio' }],
    },
    search: { over: { 'let.T': { from: 0.01, to: 1 } }, within: 0.01 },
    more: [
      { kind: 'line', log: ['x', 'y'] },
      { kind: 'line', log: ['x', 'y'], theorem: true },
      { kind: 'fit', fit: 'log(escapeRate) ~ 1/T' },
      { kind: 'residuals', fit: 'log(escapeRate) ~ 1/T' },
    ],
  },
  three: {
    spec: {
      ...base,
      sweep: { [eta]: [0.05, 0.1, 0.2], [sigma]: [0.75, 1, 1.25, 1.5, 1.75], 'trial.steps': [100, 300, 1000] },
      contrasts: [contrast(sigma, 1.5, 1)],
      trials: 1000,
    },
    search: { over: { [sigma]: { from: 0.5, to: 3 } }, within: 0.1 },
    more: [{ kind: 'line', x: 'sigma', by: 'eta' }],
  },
  network: {
    spec: {
      ...base,
      landscape: { network: { layers: [2, 3, 1], activation: 'tanh', data: { preset: 'xor' }, batch: 2 } },
      start: { uniform: { low: -1, high: 1 } },
      update: { ...base.update, eta: 0.5, drift: { ...base.update.drift, sigma: 0.1 } },
      trial: { steps: 300, escape: 'distance >= 3', converge: { when: 'loss <= 0.01' } },
      sweep: { [eta]: [0.1, 0.2, 0.5], [sigma]: [0.05, 0.1, 0.2, 0.4] },
      contrasts: [contrast(sigma, 0.4, 0.1)],
      trials: 300,
    },
    search: { over: { [sigma]: { from: 0.01, to: 1 } }, within: 0.1 },
  },
  large: {
    spec: {
      ...base,
      trial: { ...base.trial, steps: 100 },
      sweep: { [eta]: { from: 0.01, to: 0.3, count: 100 }, [sigma]: { from: 0.5, to: 3, count: 100 } },
      contrasts: [contrast(sigma, 3, 0.5)],
      trials: 50,
    },
    more: [{ kind: 'map', contour: 0.5 }],
  },
}

/** A landscape of two coordinates, with two exits. */
function muellerBrown() {
  return {
    update: { eta: 0.0005, drift: { form: 'additive', law: 'gaussian', sigma: 300 } },
    trial: { steps: 500, escape: { upper: 'x >= 0 && y >= 0.6', lower: 'x >= 0' } },
    trials: 500,
  }
}

interface Drawn {
  readonly name: string
  readonly text: string
  readonly figure: Figure | null
}

const home = process.env.DRIFTFARM_HOME === undefined ? temporaryFolder('driftfarm-figures-') : null
const here = await farm(home === null ? {} : { home: home.path })
const runs = new Map<string, Promise<Run>>()
const sections: string[] = []
try {
  for (const [name, each] of Object.entries(cases)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue
    const drawn: Drawn[] = []
    for (const request of [...requestsOf(each.spec), ...(each.more ?? [])])
      drawn.push(await drawnOf(name, each, request))
    mkdirSync(join(folder, name), { recursive: true })
    for (const { name: file, figure } of drawn) if (figure !== null) await write(join(folder, name, file), figure)
    sections.push(sectionOf(name, drawn))
    process.stdout.write(`${name}: ${drawn.filter(({ figure }) => figure !== null).length} figures\n`)
  }
  writeFileSync(join(folder, 'index.html'), page(sections))
} finally {
  await here.close()
  home?.remove()
}

function requestsOf({ sweep }: Spec): readonly SweepFigure[] {
  const isFitted = sweep !== undefined && sigma in (sweep as Spec)
  return figureKinds.flatMap((kind) => {
    if (kind === 'fit' || kind === 'residuals') return isFitted ? [{ kind, fit: fitOf }] : []
    return [{ kind: kind as SweepFigure['kind'] }]
  })
}

async function drawnOf(name: string, { spec, search }: Case, request: SweepFigure): Promise<Drawn> {
  const { kind, ...options } = request
  const words = Object.entries(options).map(([option, value]) => `${option} ${value}`)
  const text = [kind, ...words].join(', ')
  const file = text.replace(/[^a-z0-9]+/gi, '-').replace(/-$/, '')
  const own = { ...spec, name }
  try {
    if ((kind as string) === 'landscape') return { name: file, text, figure: landscapeOf(own) }
    const { observe, contrasts, sweep, ...common } = own as Spec
    const { [Object.keys(search?.over ?? {})[0] ?? '']: _, ...others } = (sweep ?? {}) as Spec
    const isSearch = kind === 'boundary' && search !== undefined
    const threshold = { estimate: 'escape', equals: 0.5, ...search }
    const searched = {
      ...common,
      name: `${name}-search`,
      threshold,
      ...(Object.keys(others).length > 0 && { sweep: others }),
    }
    const run = await computed(JSON.stringify(isSearch ? searched : own))
    const { data } = JSON.parse(await run.figure({ ...request, format: 'json' })) as Envelope<'Figure', Figure>
    return { name: file, text, figure: data }
  } catch (error) {
    return { name: file, text: `${text}: ${(error as Error).message}`, figure: null }
  }
}

async function computed(spec: string): Promise<Run> {
  const known = runs.get(spec)
  if (known !== undefined) return known
  const run = here.run(spec)
  runs.set(spec, run)
  await (await run).results()
  return run
}

function landscapeOf(spec: Spec): Figure {
  const { sweep } = readSpec(JSON.stringify(spec), { fileName: 'spec', folder, set: [] })
  const { cell, tables } = sweep.cell(0)
  const { minima } = cell.trial
  const title = `${sweep.name}: loss`
  const scene = landscapeScene(cell, tables, { title, minima })
  return landscapeFigure(scene ?? sliceScene(cell, tables, title, minima))
}

async function write(path: string, figure: Figure): Promise<void> {
  for (const theme of ['light', 'dark'] as const)
    for (const format of ['svg', 'png', 'pdf'] as const)
      writeFileSync(`${path}-${theme}.${format}`, await figureFile(figure, format, { theme }))
}

function sectionOf(name: string, drawn: readonly Drawn[]): string {
  const figures = drawn.map(({ name: file, text, figure }) => {
    if (figure === null) return `<p>${escaped(text)}</p>`
    const path = (theme: string, format: string) => `${name}/${file}-${theme}.${format}`
    const link = (theme: string, format: string) => `<a href="${path(theme, format)}">${format} ${theme}</a>`
    const links = ['light', 'dark'].flatMap((theme) => ['svg', 'png', 'pdf'].map((format) => link(theme, format)))
    const images = `<img src="${path('light', 'svg')}" alt=""><img src="${path('dark', 'png')}" alt="" width="720">`
    return `<h3>${escaped(text)}</h3><p>${links.join(' ')}</p>${images}`
  })
  return `<h2 id="${name}">${name}</h2>\n${figures.join('\n')}`
}

function page(sections: readonly string[]): string {
  const style = 'body{font:14px sans-serif;margin:2em;background:#888}img{margin:0 1em 1em 0;vertical-align:top}'
  return `<!doctype html><meta charset="utf-8"><title>Figures</title><style>${style}</style>\n${sections.join('\n')}\n`
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;')
}
