import { groupedBy } from '@driftfarm/formula'
import type { Path } from '../document/value.ts'
import { dataMistake } from '../errors.ts'
import { quantity } from '../field/field.ts'
import type { Frame } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import { flag, shapeOf } from '../field/section.ts'
import { resolveSeed, seedSchema } from '../field/seed.ts'
import type { RawTable } from '../files/header.ts'
import { limits } from '../limits.ts'
import { randomWords } from '../presets/shapes.ts'
import { classOf } from './encode.ts'

const splitFields = {
  fraction: quantity(ranges.betweenZeroAndOne, 'Share of the samples that become the test set.'),
  seed: seedSchema.describe('Seed of the draw of the samples of the test set. Default 0.'),
  stratify: flag('Whether the share is taken of each class, instead of all samples together.', false),
}

export const splitShape = shapeOf(splitFields)

type Split = ReturnType<typeof splitOf>

export function splitOf(frame: Frame) {
  return {
    fraction: frame.number('fraction', ranges.betweenZeroAndOne),
    seed: String(resolveSeed(frame.get('seed'), frame.at('seed'))),
    stratify: splitFields.stratify.read(frame, 'stratify'),
    path: frame.path(),
  }
}

/**
 * Divides samples into a training set and a test set, which keep the order of the samples. Sample i, counted from 0,
 * has the word i of SplitMix64 with the seed. Of n samples, those with the round(fraction n) smallest words become the
 * test set; with `stratify`, of the n samples of each class. At least one sample, or one of each class, is left for
 * training.
 */
export function divided(raw: RawTable, inputs: number, { fraction, seed, stratify, path }: Split) {
  const count = raw.rows.length
  const groups = stratify ? classGroups(raw, inputs, path) : [Array.from({ length: count }, (_, i) => i)]
  const stream = randomWords(BigInt(seed))
  const words = BigUint64Array.from({ length: count }, () => stream.next().value)
  const isTest = new Uint8Array(count)
  let size = 0
  for (const group of groups) {
    const share = Math.min(Math.round(fraction * group.length), group.length - 1)
    group.sort((a, b) => (words[a]! < words[b]! ? -1 : 1))
    for (const i of group.slice(0, share)) isTest[i] = 1
    size += share
  }
  if (size === 0)
    throw dataMistake(
      [...path, 'fraction'],
      `the test set would be empty: the fraction is ${fraction} of ${count} samples${stratify ? ' in classes' : ''}`,
      'use a larger fraction',
    )
  const part = (own: number) => raw.rows.filter((_, i) => isTest[i] === own)
  return { training: { ...raw, rows: part(0) }, test: { ...raw, rows: part(1), dropped: 0 } }
}

/** The samples of each class. A class is a combination of values of all targets. */
function classGroups({ columns, rows }: RawTable, inputs: number, path: Path): number[][] {
  const targets = columns.slice(inputs)
  const groups = groupedBy(rows.keys(), (i) => JSON.stringify(targets.map((target) => classOf(target, rows[i]!))))
  if (groups.size <= limits.labels) return [...groups.values()]
  const reason = `the targets have ${groups.size} different values, which are not classes`
  const hint = `stratify needs at most ${limits.labels} classes: remove \`stratify\``
  throw dataMistake([...path, 'stratify'], reason, hint)
}
