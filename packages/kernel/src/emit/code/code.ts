/**
 * The type of a name in a function. If the type is null, the compiler infers it, and the value of the name cannot be
 * passed to another function.
 */
export type Type = 'v128' | 'i32' | 'i64' | 'usize' | null

/** A name inside a function: a parameter, a local, or the index of a loop. */
export interface Local {
  readonly kind: 'local'
  readonly name: string
  readonly type: Type
}

/**
 * A function whose calls can be found in the code: an elementary function, which may be inlined, a function of the
 * landscape, or the formula of a distribution.
 */
export interface Callee {
  readonly kind: 'elementary' | 'landscape' | 'law'
  readonly name: string
}

/** Names and functions in `pieces` are objects, so that they can be found later. */
export interface Composed {
  readonly kind: 'code'
  readonly pieces: readonly Piece[]
  readonly type: Type
  /**
   * Whether the code only loads one of the numbers of the cell (`numbers.ts`). Such a load can be repeated wherever the
   * number is needed.
   */
  readonly isNumber: boolean
}

export type Piece = string | Local | Callee
export type Code = Local | Composed
export type Part = string | number | Code | Callee

export function local(name: string, type: Type = 'v128'): Local {
  return { kind: 'local', name, type }
}

/** Code whose value is a vector of two lanes. */
export function vector(strings: TemplateStringsArray, ...parts: readonly Part[]): Composed {
  return composed('v128', strings, parts)
}

/**
 * Creates code whose type the compiler infers: a statement, an address, a number, or a call whose result is not passed
 * to another function.
 */
export function code(strings: TemplateStringsArray, ...parts: readonly Part[]): Composed {
  return composed(null, strings, parts)
}

/**
 * Code given as text. The text must not contain names of the enclosing function, because names in text are not tracked.
 */
export function text(written: string): Composed {
  return { kind: 'code', pieces: [written], type: null, isNumber: false }
}

/** Loads one of the numbers of the cell into both lanes. `place` is the index of this number, counted from 0. */
export function numberAt(place: number): Composed {
  return { kind: 'code', pieces: [`v128.load64_splat(NUMBERS, ${8 * place})`], type: 'v128', isNumber: true }
}

export function elementary(name: string, ...values: readonly Code[]): Composed {
  return vector`${{ kind: 'elementary', name }}(${listed(values)})`
}

export function ofLandscape(name: string): Callee {
  return { kind: 'landscape', name }
}

export function listed(values: readonly Part[]): Composed {
  return composed(null, ['', ...values.slice(1).map(() => ', '), ''], values)
}

function composed(type: Type, strings: readonly string[], parts: readonly Part[]): Composed {
  const pieces: Piece[] = []
  addPiece(pieces, strings[0]!)
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!
    if (typeof part === 'number') addPiece(pieces, String(part))
    else if (typeof part === 'string' || part.kind !== 'code') addPiece(pieces, part)
    else for (const piece of part.pieces) addPiece(pieces, piece)
    addPiece(pieces, strings[i + 1]!)
  }
  return { kind: 'code', pieces, type, isNumber: false }
}

function addPiece(pieces: Piece[], piece: Piece): void {
  const last = pieces.length - 1
  if (piece === '') return
  if (typeof piece === 'string' && typeof pieces[last] === 'string') pieces[last] += piece
  else pieces.push(piece)
}

export function piecesOf(part: Code): readonly Piece[] {
  return part.kind === 'code' ? part.pieces : [part]
}
