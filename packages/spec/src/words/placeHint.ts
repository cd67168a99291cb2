import type { Path } from '../document/path.ts'
import { isMapping } from '../document/value.ts'
import { isLaw } from '../laws.ts'
import { examples, schedules } from './examples.table.ts'
import { flowStyle } from './flowStyle.ts'
import { plainForm, wordsFor } from './newcomers.ts'
import { isExpression, isNothing } from './numberHint.ts'

const initializations = /^(he|xavier|lecun)$/

export function placeHint(path: Path, value: unknown): string | null {
  const place = path.join('.')
  const word = typeof value === 'string' && /^[A-Za-z][\w-]*$/.test(value) && !isNothing(value) ? value : null
  if (place === 'start') return startHint(value, word)
  if (place === 'start.minimum' && typeof value === 'number')
    return `write the name of a minimum, as in start: { minimum: left }, or the point: start: [${value}]`
  if (place === 'start.uniform' && isPair(value)) return `write uniform: { low: ${value[0]}, high: ${value[1]} }`
  if (place === 'start.gaussian' && isPair(value)) return `write gaussian: { mean: ${value[0]}, sigma: ${value[1]} }`
  if (place === 'update.drift') return driftHint(value, word)
  if (place === 'landscape' && word !== null) return `write landscape: { preset: ${word} }`
  if (place === 'landscape.formula' && typeof value === 'string')
    return `write formula: { variables: [x], expression: ${JSON.stringify(value)} }`
  if (path.at(-1) === 'data' && typeof value === 'string') return dataHint(path, value)
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
  if (schedule !== undefined && isScheduled(path)) return `write ${path.at(-1)}: ${schedule}`
  return null
}

function isScheduled(path: Path): boolean {
  return path[0] === 'update' && /^(eta|sigma|step|temperature|q|probability)$/.test(String(path.at(-1)))
}

function startHint(value: unknown, word: string | null): string | null {
  const zeros = typeof value === 'string' ? /^(?:\w+\.)?(zeros|ones)\(\s*(\d)\s*\)$/.exec(value) : null
  if (zeros !== null)
    return `write the point: [${Array(Number(zeros[2]))
      .fill(zeros[1] === 'zeros' ? 0 : 1)
      .join(', ')}]`
  const list = typeof value === 'string' ? /^(?:\w+\.)?\w*[([]+([-+\d.,eE\s]+)[)\]]+$/.exec(value)?.[1] : undefined
  if (list !== undefined)
    return `write a list in brackets: [${list
      .split(/[,\s]+/)
      .filter((item) => item !== '')
      .join(', ')}]`
  if (typeof value === 'string' && /random|randn|normal|gauss/i.test(value))
    return `write { ${examples.get('start.gaussian')} }`
  if (typeof value === 'string' && /^(\w+\.)*(rand|uniform)\b/i.test(value))
    return `write { ${examples.get('start.uniform')} }`
  if (word === null) return null
  const init = [plainForm(word), ...wordsFor(word).map(({ word }) => word)].find((word) => initializations.test(word))
  return init === undefined ? `write { minimum: ${word} }, or a point [..]` : `write { init: ${init} }`
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
