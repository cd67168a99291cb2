import type { Figure } from '@driftfarm/report'
import { headlessDocument, svgOf } from '@driftfarm/report/drawing'
import type { Guarantees } from './document.ts'

type Axis = Figure['x']
const axis = (label: string, domain: [number, number]): Axis => ({
  label,
  scale: 'linear',
  domain,
  categories: null,
  ticks: null,
  path: null,
})
const bare = { sweep: null, of: null, color: null, seriesTitle: null, series: [], panels: [] } as const
const binS = 2
/** Seconds shown before the first trial is stored. */
const beforeS = 4

/** Trials per second of a farm during a series of faults, each marked. */
export function throughputFigure({ pulses, marks }: NonNullable<Guarantees['medley']>): string {
  // Before that time, the farm is idle while a reference run computes the expected digests.
  const worked = pulses.find(({ trials }) => trials > pulses[0]!.trials) ?? pulses[0]!
  const began = pulses.find(({ atMs }) => atMs >= worked.atMs - 1_000 * beforeS)!.atMs
  const rates: { x: number; y: number }[] = []
  for (let from = 0; ; from += binS) {
    const inside = pulses.filter(
      ({ atMs }) => atMs - began >= 1_000 * from && atMs - began <= 1_000 * (from + binS + 0.5),
    )
    if (inside.length < 2) break
    const [first, last] = [inside[0]!, inside.at(-1)!]
    rates.push({ x: from, y: (last.trials - first.trials) / ((last.atMs - first.atMs) / 1_000) })
  }
  const most = Math.max(...rates.map(({ y }) => y))
  const faults = marks.map(({ atMs, what }, place) => ({ x: (atMs - began) / 1_000, what, name: String(place + 1) }))
  const figure: Figure = {
    ...bare,
    figure: 'curve',
    title: 'Trials per second during a series of faults',
    x: axis('time [s]', [0, rates.at(-1)!.x + binS]),
    y: axis('trials stored per second', [0, 1.15 * most]),
    layers: [
      ...faults.map(({ x, what }) => ({
        type: 'line' as const,
        series: null,
        role: 'path' as const,
        steps: false,
        points: [
          { x, y: 0 },
          { x, y: 1.05 * most },
        ],
        text: what,
      })),
      { type: 'line', series: null, role: 'estimate', steps: true, points: rates, text: 'trials per second' },
      { type: 'marks', marks: faults.map(({ x, name }) => ({ x, y: 1.05 * most, name })) },
    ],
    caption: [
      `${faults.map(({ name, what }) => `${name}: ${what}`).join(', ')}.`,
      'Three workers of one thread, two coordinators, Redis and PostgreSQL on one machine. All trials were exact.',
    ],
  }
  return svgOf(figure, { width: 860, document: headlessDocument() })
}

/** Time from the death of a worker to the commit of its batches by another worker. */
export function recoveryFigure(seconds: readonly number[]): string {
  const highest = Math.max(20, Math.ceil(Math.max(...seconds)))
  const bins = Array.from({ length: highest }, (_, from) => ({
    name: `${from}`,
    events: seconds.filter((s) => Math.floor(s) === from || (s === highest && from === highest - 1)).length,
  }))
  const figure: Figure = {
    ...bare,
    figure: 'ends',
    title: 'From the death of a worker to the commit of its batch by another',
    x: { ...axis('seconds', [0, 1]), scale: 'categorical', domain: null, categories: bins.map(({ name }) => name) },
    y: axis('batches', [0, Math.max(1, ...bins.map(({ events }) => events)) * 1.1]),
    layers: [
      {
        type: 'bars',
        parts: ['batches'],
        bars: bins.map(({ name, events }, cell) => ({
          cell,
          x: name,
          doubt: null,
          parts: [{ part: 'batches', events, value: events, low: null, high: null }],
          text: `${events} batches after ${name} to ${Number(name) + 1} s`,
        })),
      },
    ],
    caption: [
      `${seconds.length} batches of killed workers. The guarantee is 95 of 100 within 15 s, and all within 20 s.`,
    ],
  }
  return svgOf(figure, { width: 720, document: headlessDocument() })
}
