import type { Code, Local } from './code.ts'
import type { Line } from './statement.ts'

/** The locals of one function: where they are declared, assigned and used. */
export class Locals {
  private readonly reassigned = new Set<string>()
  private readonly handedIn: ReadonlySet<string>
  private readonly constants = new Map<string, Code>()
  private readonly counts: ReadonlyMap<string, number>

  constructor(parameters: readonly Local[], lines: readonly Line[]) {
    this.handedIn = new Set(parameters.map(({ name }) => name))
    for (const { declares, assigns, varies, number } of lines) {
      if (varies) for (const { name } of declares) this.reassigned.add(name)
      if (assigns !== null) this.reassigned.add(assigns.name)
      if (number !== null) this.constants.set(declares[0]!.name, number)
    }
    this.counts = countUses(lines)
  }

  /** Whether it is a vector that a line computes once. */
  isKept({ name, type }: Local): boolean {
    return type === 'v128' && !this.reassigned.has(name) && !this.handedIn.has(name) && !this.constants.has(name)
  }

  /** The code that loads a number of the cell. */
  constant({ name }: Local): Code | undefined {
    return this.constants.get(name)
  }

  /** How often it is named. */
  uses({ name }: Local): number {
    return this.counts.get(name) ?? 0
  }
}

/**
 * Whether a line may be part of another function: it changes vectors alone, knows the types of all it names, and does
 * not leave.
 */
export function mayMove(line: Line): boolean {
  const { declares, assigns, stays } = line
  if (stays || (assigns !== null && assigns.type !== 'v128')) return false
  // Loops count by indices that each declares anew.
  return (
    declares.every(({ type }) => type === 'v128' || type === 'i32') && usedIn(line).every(({ type }) => type !== null)
  )
}

/** In the order in which they are named, as often as they are. */
export function usedIn({ pieces }: Line): Local[] {
  return pieces.filter((piece) => typeof piece !== 'string' && piece.kind === 'local')
}

/** Without those that the line declares. */
export function readIn(line: Line): Local[] {
  return usedIn(line).filter(({ name }) => !line.declares.some((declared) => declared.name === name))
}

/** By name, first named first. */
export function countUses(lines: readonly Line[]): Map<string, number> {
  const uses = new Map<string, number>()
  for (const line of lines) for (const { name } of usedIn(line)) uses.set(name, (uses.get(name) ?? 0) + 1)
  return uses
}
