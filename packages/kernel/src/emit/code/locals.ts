import type { Code, Local } from './code.ts'
import type { Line } from './statement.ts'

export class Locals {
  private readonly reassigned = new Set<string>()
  private readonly parameterNames: ReadonlySet<string>
  private readonly constants = new Map<string, Code>()
  private readonly counts: ReadonlyMap<string, number>

  constructor(parameters: readonly Local[], lines: readonly Line[]) {
    this.parameterNames = new Set(parameters.map(({ name }) => name))
    for (const { declares, assigns, varies, number } of lines) {
      if (varies) for (const { name } of declares) this.reassigned.add(name)
      if (assigns !== null) this.reassigned.add(assigns.name)
      if (number !== null) this.constants.set(declares[0]!.name, number)
    }
    this.counts = countUses(lines)
  }

  /** Whether the local is a vector that one line of the function computes and no other line changes. */
  isKept({ name, type }: Local): boolean {
    return type === 'v128' && !this.reassigned.has(name) && !this.parameterNames.has(name) && !this.constants.has(name)
  }

  constant({ name }: Local): Code | undefined {
    return this.constants.get(name)
  }

  uses({ name }: Local): number {
    return this.counts.get(name) ?? 0
  }
}

/**
 * Whether a line may be moved to another function. The line must change only vectors, must not exit a function or loop,
 * and must contain only names of known type.
 */
export function mayMove(line: Line): boolean {
  const { declares, assigns, stays } = line
  if (stays || (assigns !== null && assigns.type !== 'v128')) return false
  // A local of type i32 is always a loop index. Each loop declares its own index, so a line that declares one may be
  // moved.
  return (
    declares.every(({ type }) => type === 'v128' || type === 'i32') && usedIn(line).every(({ type }) => type !== null)
  )
}

export function usedIn({ pieces }: Line): Local[] {
  return pieces.filter((piece) => typeof piece !== 'string' && piece.kind === 'local')
}

export function readIn(line: Line): Local[] {
  return usedIn(line).filter(({ name }) => !line.declares.some((declared) => declared.name === name))
}

export function countUses(lines: readonly Line[]): Map<string, number> {
  const uses = new Map<string, number>()
  for (const line of lines) for (const { name } of usedIn(line)) uses.set(name, (uses.get(name) ?? 0) + 1)
  return uses
}
