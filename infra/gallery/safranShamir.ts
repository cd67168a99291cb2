import type { Entry, Row } from './entry.ts'
import { estimateOf } from './study.ts'

type Counts = readonly (readonly [teachers: number, bad: number])[]

/** Bad runs of 1,000: the sums of `magnitude` in the authors' Results/newExp-k-n.mat, github.com/ItaySafran. */
const asMany: Counts = [
  [6, 3],
  [7, 55],
  [8, 126],
  [9, 218],
  [10, 346],
  [12, 585],
  [15, 803],
  [20, 949],
]
const oneMore: Counts = [
  [8, 1],
  [10, 1],
  [12, 3],
  [13, 15],
  [14, 55],
  [15, 102],
]

const rowsOf = (counts: Counts): readonly Row[] =>
  counts.map(([teachers, bad]) => ({
    labels: [String(teachers)],
    theirs: { kind: 'count', events: bad, trials: 1000 },
    ours: estimateOf('class:bad', { 'let.k': teachers }),
  }))

const shared = {
  who: 'Safran and Shamir (2018)',
  figure: ['--of', 'class:bad'],
  page: 'safran-shamir',
  theirs: 'share of bad runs, published',
}

export const safranShamir: Entry = {
  ...shared,
  name: 'safran-shamir',
  title: 'Spurious minima, equal width',
  heading: 'equal-width',
  spec: 'examples/safran-shamir.yaml',
  small: { sweep: { 'let.k': [6, 7] }, trials: 100 },
  labels: ['neurons k'],
  rows: rowsOf(asMany),
}

export const oneNeuronMore: Entry = {
  ...shared,
  name: 'safran-shamir-wider',
  title: 'Spurious minima, one neuron more',
  heading: 'one-neuron-more',
  spec: 'docs/gallery/specs/safran-shamir-wider.yaml',
  small: { sweep: { 'let.k': [8, 10] }, trials: 60 },
  labels: ['teachers k'],
  rows: rowsOf(oneMore),
}
