import { type Cell, type DataTable, type LabelNoise, rowReader, trainingNoise } from '@driftfarm/spec'
import { keepingOf } from '../model/network.ts'
import { gaussian } from '../streams/normal.ts'
import { below, type Xoshiro } from '../streams/xoshiro.ts'
import { newOrder, nextBatch, type StepSample } from './lossFunction.ts'

/** The streams of a trial from which its steps draw samples, masks of units and labels. */
export type StepStreams = Readonly<Record<'data' | 'dropout' | 'labels', Xoshiro>>

export function stepStreams(streamOf: (purpose: keyof StepStreams) => Xoshiro): StepStreams {
  return { data: streamOf('data'), dropout: streamOf('dropout'), labels: streamOf('labels') }
}

export type StepSampler = NonNullable<ReturnType<typeof stepSampler>>

/** Null if steps use the gradient of the loss itself. */
export function stepSampler({ landscape }: Pick<Cell, 'landscape'>, table: DataTable | null) {
  if (landscape.kind === 'population' || table === null || trainingNoise(landscape).length === 0) return null
  const { batch } = landscape
  const read = rowReader(table)
  const all = Uint32Array.from({ length: table.rows }, (_, row) => row)
  let order = newOrder(table.rows)
  const spoil = labelNoiseOf(landscape)
  const layers = landscape.kind === 'network' ? keepingOf(landscape) : []
  return {
    /** Begins a trial: the samples are in their own order. */
    begin() {
      order = newOrder(table.rows)
    },
    /** Makes the random choices of a step. */
    draw(streams: StepStreams): readonly StepSample[] {
      const rows = batch === null ? all : nextBatch(batch, streams.data, order)
      return Array.from(rows, (row) => {
        const values = read(row).slice()
        spoil(values, streams.labels)
        const factors = layers.map((layer) => (layer.threshold === 0 ? null : factorsOf(layer, streams.dropout)))
        return { values, factors }
      })
    },
  }
}

/** A random number serves two units: its low half the first, its high half the second. */
function factorsOf({ units, threshold, scale }: ReturnType<typeof keepingOf>[number], stream: Xoshiro): number[] {
  return Array.from({ length: units }, (_, unit) => {
    if (unit % 2 === 0) stream.next()
    return (unit % 2 === 0 ? stream.low : stream.high) >= threshold ? scale : 0
  })
}

function labelNoiseOf(landscape: Cell['landscape']): (values: Float64Array, stream: Xoshiro) => void {
  if (landscape.kind === 'population' || landscape.labelNoise === undefined) return () => {}
  if (landscape.kind === 'network') {
    const inputs = landscape.layers[0]!
    const noise: LabelNoise = landscape.labelNoise
    return (values, stream) => {
      const targets = values.subarray(inputs)
      if ('flip' in noise) flip(targets, noise.flip, stream)
      else for (const i of targets.keys()) targets[i] = targets[i]! + noise.sigma * gaussian(stream)
    }
  }
  const { sigma, columns } = landscape.labelNoise
  const places = columns.map((name) => landscape.data!.columns.indexOf(name))
  return (values, stream) => {
    for (const i of places) values[i] = values[i]! + sigma * gaussian(stream)
  }
}

/** With probability p, another class takes the place of the class of the sample. */
function flip(targets: Float64Array, p: number, stream: Xoshiro): void {
  if (stream.uniform() >= p) return
  if (targets.length === 1) {
    targets[0] = 1 - targets[0]!
    return
  }
  const own = targets.indexOf(1)
  const other = below(stream, targets.length - 1)
  targets[own] = 0
  targets[other < own ? other : other + 1] = 1
}
