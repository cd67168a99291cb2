import type { Entry, Ours, Row, Study } from './entry.ts'
import { estimateOf } from './study.ts'

const widths = [8, 32, 128]
const [narrow, wide] = [widths[0]!, widths.at(-1)!]

/** A barrier or a quotient of barriers. Neither can be negative, but the interval of a mean can reach below 0. */
const barrier = (name: string, width: number) => async (study: Study) => {
  const ours = await estimateOf(`observe:${name}`, { 'let.width': width })(study)
  return ours && { value: ours.value, low: Math.max(ours.low, 0), high: ours.high }
}

/** The mean barrier of the widest network relative to the narrowest one. Its limits hold if both intervals do. */
const quotient =
  (name: string) =>
  async (study: Study): Promise<Ours | null> => {
    const [below, above] = [await barrier(name, narrow)(study), await barrier(name, wide)(study)]
    if (below === null || above === null) return null
    return { value: above.value / below.value, low: above.low / below.high, high: above.high / below.low }
  }

const ofWidth = (width: number): readonly Row[] => [
  {
    labels: [String(width), 'straight'],
    theirs: { kind: 'range', low: 0.1, high: Number.POSITIVE_INFINITY },
    ours: barrier('straight', width),
  },
  {
    labels: [String(width), 'matched / straight'],
    theirs: { kind: 'range', low: 0, high: 0.5 },
    ours: barrier('ratio', width),
  },
]

export const connectedMinima: Entry = {
  name: 'connected-minima',
  title: 'Connected minima',
  who: 'Entezari et al. (2022), Ainsworth et al. (2023)',
  spec: 'docs/gallery/specs/connected-minima.yaml',
  small: { sweep: { 'let.width': [32] }, trials: 36 },
  figure: ['--of', 'observe:matched', '--log', 'x,y'],
  more: { straight: ['--of', 'observe:straight', '--log', 'x,y'] },
  labels: ['width', 'barrier'],
  theirs: 'claim',
  rows: [
    ...widths.flatMap(ofWidth),
    {
      labels: [`${wide} / ${narrow}`, 'matched'],
      theirs: { kind: 'range', low: 0, high: 0.5 },
      ours: quotient('matched'),
    },
  ],
}
