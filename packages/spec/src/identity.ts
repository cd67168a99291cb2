import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Cell, Start, Trial } from './cell.ts'
import { changeOfSteps } from './rules.ts'

/**
 * Version of the kernel semantics. It increases whenever a change to the kernel changes any bit of a result. This
 * kernel also computes cells stored with an earlier version, if no later version has changed their results.
 */
export const KERNEL_VERSION = 4

/**
 * The kernel version stored in a cell: the earliest version with the same results, bit for bit, as the current one.
 * Version 4 added the keys that `usesVersion4` lists. Since version 3, two end points of descents are compared by
 * evaluating the loss along a path between them.
 */
export function kernelVersionOf(cell: Pick<Cell, 'landscape' | 'start' | 'update' | 'trial'>): number {
  return usesVersion4(cell) ? 4 : comparesEnds(cell.trial) ? 3 : 2
}

/** A kernel of an earlier version would ignore these keys. */
function usesVersion4({ landscape, start, update, trial }: Pick<Cell, 'landscape' | 'start' | 'update' | 'trial'>) {
  const { escape, converge } = trial
  const conditions = [...trial.marks, ...trial.classify, ...(escape?.kind === 'exits' ? escape.exits : [])]
  return (
    conditions.some(([, , every]) => every !== undefined) ||
    (escape?.kind === 'basin' && escape.modulo !== undefined) ||
    (converge?.kind === 'when' && converge.every !== undefined) ||
    ['test', 'dropout', 'labelNoise'].some((key) => key in landscape) ||
    isOfVersion4(start) ||
    update.warmup !== undefined ||
    changeOfSteps(update) !== null
  )
}

function isOfVersion4(start: Start): boolean {
  return start.kind === 'descend' ? isOfVersion4(start.from) : start.kind === 'stored' || start.kind === 'train'
}

/** Whether an outcome of the trial depends on comparing the end points of noise-free descents. */
export function comparesEnds(trial: Trial): boolean {
  return trial.escape?.kind === 'basin' || trial.quench !== null || settlesByGradient(trial)
}

/**
 * Whether a trial without a quench ends when |grad L| is small. The last theta of such a trial is compared with the
 * named minima, as the end point of a descent would be.
 */
export function settlesByGradient({ converge, afterConverge, quench, minima }: Trial): boolean {
  return converge?.kind === 'gradient' && afterConverge === 'stop' && quench === null && minima.length > 0
}

/**
 * To find where a trial settled, its end point is compared with the named minima. Returns the largest |grad L| that
 * this end point may have; null if no end point is compared.
 */
export function settleTolerance(trial: Trial): number | null {
  const { quench, converge, minima } = trial
  if (minima.length === 0) return null
  if (quench !== null) return quench.gradient
  return settlesByGradient(trial) && converge?.kind === 'gradient' ? converge.tolerance : null
}

/** Each byte is written as two hex digits. */
export const idBytes = 16

/**
 * JSON with keys sorted by UTF-16 code units, no spaces, numbers as their shortest round-trip text, and -0 as 0. Throws
 * a TypeError for values that JSON cannot represent: undefined, NaN, infinities, functions.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} is not a JSON number`)
    return String(value === 0 ? 0 : value)
  }
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value)
  if (typeof value !== 'object') throw new TypeError(`${typeof value} is not a JSON value`)
  const known = remembered.get(value)
  if (known !== undefined) return known
  let text = ''
  if (Array.isArray(value)) {
    for (const inner of value) text += text === '' ? canonicalJson(inner) : `,${canonicalJson(inner)}`
    return `[${text}]`
  }
  for (const key of Object.keys(value).sort()) {
    if (text !== '') text += ','
    text += `${JSON.stringify(key)}:${canonicalJson((value as Record<string, unknown>)[key])}`
  }
  return `{${text}}`
}

/** Neighbouring cells share most of their sections, so the text of a section is made once. */
const remembered = new WeakMap<object, string>()

/** Returns the canonical JSON of a value that never changes again, and remembers it with the value. */
export function rememberCanonical(value: unknown): string {
  const text = canonicalJson(value)
  if (typeof value === 'object' && value !== null) remembered.set(value, text)
  return text
}

export function cellId(cell: Cell): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(cell))).subarray(0, idBytes))
}

/**
 * Keys are sorted, so the update is last in the canonical text of a cell. Quotes within strings are escaped, so
 * `updateKey` cannot occur inside a string.
 */
const updateKey = ',"update":'

/**
 * Returns the part of `canonical` before the update; '' if there is no update. `canonical` is the canonical text of a
 * cell, or a text that ends with it.
 */
export function beginningOf(canonical: string): string {
  return canonical.slice(0, Math.max(0, canonical.lastIndexOf(updateKey)))
}

/**
 * Reads cells from their canonical texts, one after the other. Consecutive cells that differ only in their update share
 * the objects of all other parts, so results cached for these objects are reused.
 */
export function cellReader(): (canonical: string) => Cell {
  let latest: { readonly beginning: string; readonly parts: Omit<Cell, 'update'> } | null = null
  return (canonical) => {
    const beginning = beginningOf(canonical)
    if (beginning === '') return JSON.parse(canonical) as Cell
    if (latest?.beginning !== beginning) {
      latest = { beginning, parts: JSON.parse(`${beginning}}`) }
      for (const part of Object.values(latest.parts)) rememberCanonical(part)
    }
    const update = JSON.parse(canonical.slice(beginning.length + updateKey.length, -1)) as Cell['update']
    return { ...latest.parts, update }
  }
}
