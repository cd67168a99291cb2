import { isMapping, type Mapping, type Path } from '../document/value.ts'
import { isLaw } from '../laws.ts'
import { flowStyle } from './flowStyle.ts'
import { table } from './newcomers.table.ts'
import { isExpression, isNothing, numberHint } from './numberHint.ts'
import { plainForm, wordsFor } from './unknownKey.ts'

/** Null if the name of the expected type is enough of a hint. */
export function shapeHint(path: Path, value: unknown, expected: string): string | null {
  const hint = placeHint(path, value) ?? numberHint(value, expected) ?? collectionHint(path, value, expected)
  return hint === null || value !== null || path.length > 1 ? hint : `${hint}${instead.get(String(path[0])) ?? ''}`
}

/** Only one of `trials` and `until` may be given, and a key with an empty value counts as given. */
const instead = new Map([
  ['trials', '; or remove the line and write `until:`'],
  ['until', '; or remove the line and write `trials:` (--trials N replaces `until` and `trials`)'],
])

/** Keys of mappings whose number is often written alone. */
const keysOfNumbers = new Map([
  ['sam', 'rho'],
  ['test', 'fraction'],
  ['scale', 'divide'],
  ['labelNoise', 'flip'],
])

const initializations = /^(he|xavier|lecun)$/

function placeHint(path: Path, value: unknown): string | null {
  const place = path.join('.')
  const word = typeof value === 'string' && /^[A-Za-z][\w-]*$/.test(value) && !isNothing(value) ? value : null
  if (place === 'start') return startHint(value, word)
  if (place === 'start.minimum' && typeof value === 'number')
    return `write the name of a minimum, as in start: { minimum: left }, or the point: start: [${value}]`
  if (place === 'start.uniform' && isPair(value)) return `write uniform: { low: ${value[0]}, high: ${value[1]} }`
  if (place === 'start.gaussian' && isPair(value)) return `write gaussian: { mean: ${value[0]}, sigma: ${value[1]} }`
  if (place === 'update.drift') return driftHint(value, word)
  const key = typeof value === 'number' ? keysOfNumbers.get(String(path.at(-1))) : undefined
  if (key !== undefined) return `write ${path.at(-1)}: { ${key}: ${value} }`
  if (path[0] === 'observe' && path.length === 2 && typeof value === 'string')
    return `write ${path[1]}: { value: ${flowStyle(value)}, at: [horizon] }`
  if (place === 'landscape' && word !== null) return `write landscape: { preset: ${word} }`
  if (place === 'landscape.formula' && typeof value === 'string')
    return `write formula: { variables: [x], expression: ${JSON.stringify(value)} }`
  if (path.at(-1) === 'data' && typeof value === 'string') return dataHint(path, value)
  if (place.startsWith('landscape.network.layers.') && isMapping(value) && 'dropout' in value)
    return `write dropout: ${value.dropout} beside layers; a list gives each hidden layer its own probability`
  if (place.startsWith('landscape.network.layers.') && (word !== null || isMapping(value)))
    return 'write only the width; the activation is a key beside layers, as in activation: tanh'
  if (place === 'trial.escape.radius' && typeof value === 'number')
    return `write escape: { outside: { radius: ${value}, of: left } }`
  if (place === 'let' && typeof value === 'string') return letHint(value)
  if (/^trial\.escape(\.\w+)?$/.test(place) && (typeof value === 'number' || typeof value === 'boolean'))
    return 'write a condition in quotes, such as escape: "x >= 0"'
  if (place === 'trial.escape' && isTexts(value))
    return `join the conditions with || in one string: "${value.join(' || ')}"`
  if (place === 'trial.converge') return convergeHint(value, word)
  if (place === 'until' && typeof value === 'number')
    return `write trials: ${value} for a fixed number, or a rule: until: { estimate: escape, relative: 0.1 }`
  if (place === 'trials' && isMapping(value))
    return 'the section that describes a trial is `trial:`; `trials:` is the number of trials'
  const schedule = word === null ? undefined : schedules.get(plainForm(word))
  const isScheduled = /^update\.(.*\.)?(eta|sigma|step|temperature|q|probability)$/.test(place)
  if (schedule !== undefined && isScheduled) return `write ${path.at(-1)}: ${schedule}`
  return null
}

function startHint(value: unknown, word: string | null): string | null {
  const zeros = typeof value === 'string' ? /^(?:\w+\.)?(zeros|ones)\(\s*(\d)\s*\)$/.exec(value) : null
  if (zeros !== null) return `write the point: ${flowStyle(Array(Number(zeros[2])).fill(zeros[1] === 'zeros' ? 0 : 1))}`
  const list = typeof value === 'string' ? /^(?:\w+\.)?\w*[([]+([-+\d.,eE\s]+)[)\]]+$/.exec(value)?.[1] : undefined
  if (list !== undefined) return inBrackets(list)
  if (typeof value === 'string' && /random|randn|normal|gauss/i.test(value))
    return `write { ${examples.get('start.gaussian')} }`
  if (typeof value === 'string' && /^(\w+\.)*(rand|uniform)\b/i.test(value))
    return `write { ${examples.get('start.uniform')} }`
  if (word === null) return null
  const init = [plainForm(word), ...wordsFor(word).map(({ word }) => word)].find((word) => initializations.test(word))
  return init === undefined ? `write { minimum: ${word} }, or a point [..]` : `write { init: ${init} }`
}

function inBrackets(items: string): string {
  return `write a list in brackets: [${items.match(/[^\s,;]+/g)?.join(', ') ?? ''}]`
}

function letHint(value: string): string | null {
  const pair = /^\s*(\w+)\s*=\s*(\S+)\s*$/.exec(value)
  return pair === null ? null : `write let: { ${pair[1]}: ${pair[2]} }`
}

function driftHint(value: unknown, word: string | null): string | null {
  if (value === false || isNothing(value)) return 'write drift: none, or remove the key'
  if (value === true) return `write ${examples.get('update.drift')}`
  if (typeof value === 'number' || isExpression(value)) return `write drift: { sigma: ${flowStyle(value)} }`
  if (word === null) return null
  const law = [word, ...wordsFor(word).map(({ word }) => word)].find(isLaw)
  return `write drift: { law: ${law ?? 'gaussian'}, sigma: 1 }`
}

function dataHint(path: Path, value: string): string {
  if (!/[./]/.test(value)) return `write data: { preset: ${value} }`
  const file = `csv: ${flowStyle(value)}`
  return path.includes('network')
    ? `write data: { ${file}, inputs: [column names], targets: [column names] }`
    : `write data: { ${file} }`
}

function convergeHint(value: unknown, word: string | null): string {
  if (typeof value === 'number') return `write converge: { gradient: ${value} }`
  if (word !== null) return `write converge: { within: 0.05, of: ${word} }`
  return typeof value === 'string' && /[<>]/.test(value)
    ? `write converge: { when: ${JSON.stringify(value)} }`
    : `write ${examples.get('trial.converge')}`
}

function isPair(value: unknown): value is readonly [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every((end) => typeof end === 'number')
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string')
}

const sweptRoots = new Set(['landscape', 'start', 'update', 'trial', 'let', 'seed'])

function collectionHint(path: Path, value: unknown, expected: string): string | null {
  if (Array.isArray(value))
    return /^(a|an) (finite )?(number|numeric|integer)\b/.test(expected)
      ? single(path, value)
      : merged(path, value, expected)
  if (isMapping(value)) return bracketed(path, value, expected)
  if (value === null)
    return isMappingWanted(expected) ? 'write its keys on the lines below, indented by two spaces' : null
  if (typeof value === 'string' && /^a list of (names|column names|steps|widths|start)/.test(expected))
    return inBrackets(value.replace(/^\[|\]$/g, ''))
  const example = examples.get(path.join('.'))
  return example === undefined || example === expected ? null : `write ${example}`
}

function isMappingWanted(expected: string): boolean {
  return /^a mapping|drift \{/.test(expected)
}

function single(path: Path, list: readonly unknown[]): string | null {
  if (list.length === 1) return `write it without brackets: ${flowStyle(list[0])}`
  const values = flowStyle(list)
  if (list.length === 0 || values === null || path.some((key) => typeof key === 'number')) return null
  return sweptRoots.has(String(path[0]))
    ? `write one value; to try several, add sweep: { ${path.join('.')}: ${values} }`
    : 'write one value; it applies to all cells'
}

/** The hint for a list of mappings, such as `- a: 1` and `- b: 2`, where one mapping { a: 1, b: 2 } is expected. */
function merged(path: Path, list: readonly unknown[], expected: string): string | null {
  if (!isMappingWanted(expected)) return null
  if (list.length > 0 && list.every((item) => isMapping(item))) {
    const one: Mapping = Object.assign({}, ...list)
    const keys = list.reduce<number>((count, item) => count + Object.keys(item as Mapping).length, 0)
    const isNamed = Object.hasOwn(one, 'name') && Object.keys(one).length === 2
    if (isNamed) {
      const other = Object.keys(one).find((key) => key !== 'name')!
      const pairs = list.map((item) => [String((item as Mapping).name), (item as Mapping)[other]])
      return inOne(Object.fromEntries(pairs))
    }
    if (keys === Object.keys(one).length) return inOne(one)
  }
  if (/points$/.test(expected)) return 'give each point a name, such as { left: [-1, 0], right: [1, 0] }'
  const example = examples.get(path.join('.'))
  return example === undefined ? null : `write ${example}`
}

function inOne(one: Mapping): string {
  const text = flowStyle(one)
  return `write one mapping, without [ ] and without \`-\` before the keys${text === null ? '' : `: ${text}`}`
}

function bracketed(path: Path, value: Mapping, expected: string): string | null {
  const [, keys] = /^a list of \{(.*?)\}/.exec(expected) ?? []
  if (keys === undefined) return null
  const example = examples.get(path.join('.'))
  const isEntry = keys.includes(':') || keys.split(', ').some((key) => Object.hasOwn(value, key))
  if (!isEntry && example !== undefined) return `write ${example}`
  return `write it as a list: [${flowStyle(value) ?? '{ .. }'}]`
}

/** Examples by path. A message shows the example if the value at this path is missing or has the wrong type. */
export const examples: ReadonlyMap<string, string> = new Map([
  ['landscape', 'landscape: { preset: double-well }, or a formula, or a network'],
  ['landscape.formula', 'formula: { variables: [x], expression: "(x^2 - 1)^2/4" }'],
  ['landscape.network', 'network: { layers: [2, 3, 1], data: { preset: xor } }'],
  ['landscape.network.layers', 'the widths from the inputs to the outputs, such as layers: [2, 16, 1]'],
  ['landscape.formula.variables', 'variables: [x, y]'],
  ['start', 'a point [..] or {minimum: NAME}'],
  ['start.uniform', 'uniform: { low: -1, high: 1 }'],
  ['start.gaussian', 'gaussian: { mean: 0, sigma: 1 }'],
  ['update', 'update: { eta: 0.1, drift: { sigma: 1 } }'],
  ['update.drift', 'drift: { law: gaussian, sigma: 1 }, or drift: none'],
  ['trial', 'trial: { steps: 1000, escape: "x >= 0" }'],
  ['trial.escape', 'escape: "x >= 0", or several by name: { left: "x <= -2", right: "x >= 2" }'],
  ['trial.converge', 'converge: { gradient: 1e-3 }, or { within: 0.05, of: left }'],
  ['trial.classify', 'a name for each condition: classify: { good: "loss <= 0.1" }'],
  ['trial.marks', 'a name for each condition: marks: { near: "loss <= 0.1" }'],
  ['until', 'until: { estimate: escape, relative: 0.1 }, or trials: 10000 instead'],
  ['contrasts', 'contrasts: [{ of: escape, between: { update.eta: [0.1, 0.2] } }]'],
  ['sweep', 'sweep: { update.eta: [0.05, 0.1] }, one list for each path'],
  ['tags', 'tags: { note: "first try" }'],
])

export const schedules = table([
  ['power polynomial poly inverse decay', '{ power: { initial: 0.1, offset: 100, exponent: 0.5 } }'],
  ['exponential exp exponentiallr', '{ exponential: { initial: 0.1, rate: 0.999 } }'],
  ['cosine cos cosineannealing cosineannealinglr', '{ cosine: { initial: 0.1, final: 0.01, steps: 1000 } }'],
  ['step steplr multistep multisteplr piecewise', '{ piecewise: [[0, 0.1], [500, 0.01]] }'],
])
