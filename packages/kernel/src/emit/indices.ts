import type { Expression } from '@driftfarm/formula'
import { KernelError } from '../error.ts'
import { type Code, code, type Local, local } from './code/code.ts'

/** Whether a name is the index of an enclosing loop and therefore the name of an i32 local. */
export type IsIndex = (name: string) => boolean

export function indexLocal(name: string): Local {
  return local(name, 'i32')
}

export function integer(e: Expression, isIndex: IsIndex): Code | number {
  switch (e.kind) {
    case 'number':
      if (!Number.isSafeInteger(e.value)) throw new KernelError('EXPRESSION', `index ${e.value} is not an integer`)
      return e.value
    case 'name':
      if (!isIndex(e.name)) throw new KernelError('EXPRESSION', `${e.name} is not an index`)
      return indexLocal(e.name)
    case 'negate':
      return code`(-${integer(e.argument, isIndex)})`
    case 'binary':
      if (e.operator === '+' || e.operator === '-' || e.operator === '*') {
        return code`(${integer(e.left, isIndex)} ${e.operator} ${integer(e.right, isIndex)})`
      }
      throw new KernelError('EXPRESSION', `an index may contain +, - and *, but not ${e.operator}`)
    default:
      throw new KernelError('EXPRESSION', `an index cannot contain an expression of kind ${e.kind}`)
  }
}

/** Whether a condition depends only on indices, so that it is the same in all lanes. */
export function overIndices(e: Expression, isIndex: IsIndex): boolean {
  if (e.kind === 'logic') return overIndices(e.left, isIndex) && overIndices(e.right, isIndex)
  if (e.kind === 'not') return overIndices(e.argument, isIndex)
  return e.kind === 'compare' && isInteger(e.left, isIndex) && isInteger(e.right, isIndex)
}

function isInteger(e: Expression, isIndex: IsIndex): boolean {
  if (e.kind === 'number') return Number.isSafeInteger(e.value)
  if (e.kind === 'name') return isIndex(e.name)
  if (e.kind === 'negate') return isInteger(e.argument, isIndex)
  return e.kind === 'binary' && '+-*'.includes(e.operator) && isInteger(e.left, isIndex) && isInteger(e.right, isIndex)
}

export function truth(e: Expression, isIndex: IsIndex): Code {
  if (e.kind === 'logic') return code`(${truth(e.left, isIndex)} ${e.operator} ${truth(e.right, isIndex)})`
  if (e.kind === 'not') return code`!${truth(e.argument, isIndex)}`
  if (e.kind !== 'compare')
    throw new KernelError('EXPRESSION', `an expression of kind ${e.kind} is not a condition on indices`)
  return code`(${integer(e.left, isIndex)} ${e.operator} ${integer(e.right, isIndex)})`
}
