import { runtime } from '../run/runtime.ts'

/** A node of the AssemblyScript parser. Which fields it has depends on its kind. */
export interface Node {
  readonly kind: number
  readonly range: { readonly start: number; readonly end: number; readonly source: { readonly text: string } }
  readonly text: string
  readonly value: Node
  readonly literalKind: number
  readonly expression: Node
  readonly property: Node
  readonly operand: Node
  readonly left: Node
  readonly right: Node
  readonly condition: Node
  readonly ifThen: Node
  readonly ifElse: Node
  readonly ifTrue: Node
  readonly ifFalse: Node | null
  readonly expressions: readonly Node[]
  readonly args: readonly Node[]
  readonly elementExpressions: readonly Node[]
  readonly typeArguments: readonly Node[] | null
  readonly toType: Node
  readonly statements: readonly Node[]
  readonly declarations: readonly Node[] | null
  readonly decorators: readonly Node[] | null
  readonly name: Node
  readonly identifier: Node
  readonly type: Node | null
  readonly initializer: Node | null
  readonly incrementor: Node | null
  readonly body: Node
  readonly signature: { readonly parameters: readonly Node[]; readonly returnType: Node }
  readonly typeParameters: readonly Node[] | null
  readonly members: readonly Node[] | null
  readonly localName: Node
  readonly exportedName: Node
  readonly foreignName: Node
  readonly namespaceName: Node | null
  readonly internalPath: string | null
}

/** Declared here for the same reason as the compiler in `run/compile.ts`. */
interface Parser {
  readonly NodeKind: Readonly<Record<string, number>>
  newOptions(): unknown
  newProgram(options: unknown): {
    readonly sources: readonly { readonly normalizedPath: string; readonly statements: readonly Node[] }[]
  }
  parse(program: unknown, text: string, path: string, isEntry: boolean): void
}

/** A file of the runtime, with what its names stand for. */
export interface File {
  readonly name: string
  readonly functions: ReadonlyMap<string, Node>
  readonly variables: ReadonlyMap<string, Node>
  /** Where an imported or re-exported name comes from; without `name`, the whole file. */
  readonly imports: ReadonlyMap<string, { readonly file: string; readonly name: string | null }>
  /** Files all of whose exports are exported again. */
  readonly all: readonly string[]
}

export interface Parsed {
  readonly files: ReadonlyMap<string, File>
  readonly kinds: Readonly<Record<string, number>>
}

export function textOf({ range }: Node): string {
  return range.source.text.slice(range.start, range.end)
}

/** The operator of a binary expression. */
export function operatorOf({ left, right }: Node): string {
  return left.range.source.text.slice(left.range.end, right.range.start).trim()
}

/** The runtime and the generated module of a shape. Loads the parser, which has megabytes. */
export async function parseModule(landscape: string): Promise<Parsed> {
  const parser = (await import('assemblyscript')) as unknown as Parser
  const program = parser.newProgram(parser.newOptions())
  for (const [name, text] of Object.entries({ ...runtime, 'landscape.ts': landscape }))
    parser.parse(program, text, name, true)
  const files = new Map<string, File>()
  for (const { normalizedPath, statements } of program.sources) {
    const name = normalizedPath.replace(/\.ts$/, '')
    files.set(name, fileOf(name, statements, parser.NodeKind))
  }
  return { files, kinds: parser.NodeKind }
}

function fileOf(name: string, statements: readonly Node[], kinds: Parsed['kinds']): File {
  const functions = new Map<string, Node>()
  const variables = new Map<string, Node>()
  const imports = new Map<string, { file: string; name: string | null }>()
  const all: string[] = []
  for (const node of statements) {
    const { kind } = node
    if (kind === kinds.FunctionDeclaration) functions.set(node.name.text, node)
    else if (kind === kinds.Variable) for (const each of node.declarations!) variables.set(each.name.text, each)
    else if (kind === kinds.Import) {
      const file = node.internalPath!
      if (node.namespaceName) imports.set(node.namespaceName.text, { file, name: null })
      for (const each of node.declarations ?? []) imports.set(each.name.text, { file, name: each.foreignName.text })
    } else if (kind === kinds.Export && node.internalPath !== null) {
      if (node.members === null) all.push(node.internalPath)
      for (const each of node.members ?? [])
        imports.set(each.exportedName.text, { file: node.internalPath, name: each.localName.text })
    }
  }
  return { name, functions, variables, imports, all }
}
