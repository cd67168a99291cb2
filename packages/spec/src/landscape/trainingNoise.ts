import type { FormulaLandscape, LabelNoise, NetworkLandscape } from '../cell.ts'
import { wrongRow } from '../data.ts'
import { dataMistake, Mistake, misplacedKey, outOfRange, wrongType } from '../errors.ts'
import type { Frame } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import { collectEach, consequentialMistake } from '../mistakes.ts'
import { holderOf } from './batch.ts'
import type { FormulaColumns } from './columns.ts'
import type { NetworkData } from './prepare.ts'

/* Dropout and label noise. A probability or standard deviation of 0 is the same as an absent key. */

export function resolveDropout(frame: Frame, layers: readonly number[]): readonly number[] | null {
  const written = frame.get('dropout')
  if (written === undefined) return null
  const hidden = layers.slice(1, -1)
  const list = frame.inner('dropout')
  if (Array.isArray(written) && written.length !== hidden.length) {
    const expected = hidden.length === 1 ? '1 probability' : `${hidden.length} probabilities`
    throw outOfRange(frame.at('dropout'), written, `${expected}, one for each hidden layer of [${layers.join(', ')}]`)
  }
  const all = Array.isArray(written)
    ? collectEach(written, (_, i) => list.number(i, ranges.belowOne))
    : new Array<number>(hidden.length).fill(frame.number('dropout', ranges.belowOne))
  if (hidden.length === 0 && written !== 0) {
    throw misplacedKey(
      frame.at('dropout'),
      `layers [${layers.join(', ')}] have no hidden units that it could leave out`,
    )
  }
  return all.some((p) => p > 0) ? all : null
}

/** Null without label noise. The returned frame is the mapping {flip} or {sigma}. */
function readLabelNoise(inner: Frame, landscape: Frame): { readonly frame: Frame; readonly noise: LabelNoise } | null {
  const frame = holderOf('labelNoise', inner, landscape)?.inner('labelNoise')
  if (frame === undefined) return null
  // The shape of the mapping has been reported as wrong.
  const isFlip = frame.get('flip') !== undefined
  if (!isFlip && frame.get('sigma') === undefined) throw consequentialMistake()
  const noise = isFlip
    ? { flip: frame.number('flip', ranges.probability) }
    : { sigma: frame.number('sigma', ranges.nonNegative) }
  return Object.values(noise).includes(0) ? null : { frame, noise }
}

export function labelNoiseOfNetwork(
  frame: Frame,
  landscape: Frame,
  { loss, data }: { readonly loss: () => NetworkLandscape['loss']; readonly data: () => NetworkData },
): LabelNoise | null {
  const read = readLabelNoise(frame, landscape)
  if (read === null) return null
  if ('flip' in read.noise) checkClasses(read.frame, data())
  else if (loss() === 'cross-entropy') {
    throw new Mistake('NETWORK', read.frame.at('sigma'), {
      value: read.noise.sigma,
      reason: 'targets with Gaussian noise are no probabilities, which cross-entropy needs',
      hint: 'use `labelNoise: {flip: p}`, or `loss: mse`',
    })
  }
  return read.noise
}

/** Only a target that names a class can be replaced by another class. */
function checkClasses(frame: Frame, { table, inputs, targets }: NetworkData): void {
  const isClass = (own: Float64Array) =>
    own.every((t) => t === 0 || t === 1) && (targets === 1 || own.reduce((sum, t) => sum + t) === 1)
  const wrong = wrongRow(table, inputs, isClass)
  if (wrong === null) return
  const expected = targets === 1 ? 'a target 0 or 1' : 'one target 1 and all others 0'
  const shown = `${[...wrong.values.subarray(0, 8)].join(', ')}${targets > 8 ? ', ..' : ''}`
  throw dataMistake(
    frame.at('flip'),
    `the targets of sample ${wrong.row + 1} are [${shown}], no class`,
    `a flipped label needs samples with ${expected}; use {sigma: s} for other targets`,
    frame.get('flip'),
  )
}

/** `used` are the columns that the expression uses; `columns` is null without data. */
export function labelNoiseOfFormula(
  inner: Frame,
  landscape: Frame,
  columns: (() => FormulaColumns) | null,
  used: () => readonly string[],
): NonNullable<FormulaLandscape['labelNoise']> | null {
  // A preset has no data, and its landscape says so.
  if (inner === landscape) return null
  const holder = holderOf('labelNoise', inner, landscape)
  const data = holderOf('data', inner, landscape)?.inner('data')
  if (holder === null) {
    if (data?.get('targets') === undefined) return null
    throw misplacedKey(data.at('targets'), 'in a formula, it names the columns that receive `labelNoise: {sigma: s}`')
  }
  if (columns === null || data === undefined)
    throw misplacedKey(holder.at('labelNoise'), 'labelNoise is only for a landscape with data')
  const targets = targetsOf(data, columns(), used())
  const read = readLabelNoise(inner, landscape)
  if (read === null) return null
  if (!('flip' in read.noise)) return { ...read.noise, columns: used().filter((name) => targets.includes(name)) }
  throw misplacedKey(read.frame.at('flip'), 'a formula does not say which numbers are classes: write {sigma: s}')
}

function targetsOf(data: Frame, { names }: FormulaColumns, used: readonly string[]): readonly string[] {
  const written = data.get('targets') ?? (names.includes('y') ? ['y'] : undefined)
  if (written === undefined) {
    const hint = `say which columns receive the noise, as in \`targets: [${names.at(-1)}]\``
    throw dataMistake(data.path(), 'label noise needs the names of the target columns', hint)
  }
  const wrong = 'a list of column names'
  if (!Array.isArray(written) || written.length === 0) throw wrongType(data.at('targets'), written, wrong)
  return collectEach(written, (name, i) => {
    const path = [...data.at('targets'), i]
    if (typeof name !== 'string') throw wrongType(path, name, wrong)
    if (!names.includes(name)) throw new Mistake('UNKNOWN_COLUMN', path, { word: name, known: names })
    if (used.includes(name)) return name
    throw dataMistake(path, 'the expression does not use this column', 'noise on it would change nothing', name)
  })
}
