import { FunctionPrinter, type Instance, type Names } from './functionText.ts'
import { Refusal, refused, table, types } from './instructions.ts'
import { type File, type Node, operatorOf, type Parsed, textOf } from './parse.ts'

/** What `layers.h` uses: files of the runtime and names in them. */
const layers = [
  ['tile', 'LINE'],
  ['landscape', 'BIASES'],
  ['landscape', 'TILE'],
  ['landscape', 'TILE_ROW'],
  ['activation', 'deltaOne'],
  ['gradientSums', 'sumBiases'],
] as const
/** Functions that `lanes.h` and `layers.h` define, and what these use. */
const written: Readonly<Record<string, readonly (readonly [file: string, name: string])[]>> = {
  f_normal_ratios: [],
  f_normal_widths: [],
  f_normal_repair: [['normal', 'attempt']],
  f_hyperbolic_tanhAt_v: [],
  f_forward_dense_FromRows: layers,
  f_forward_dense_FromData: layers,
  f_backward_back: layers,
  f_gradientSums_sumLayer_FromRows: layers,
  f_gradientSums_sumLayer_FromData: layers,
}

/** Constants that `addon.h` uses. */
const usedByHeader = 'VECTORS_AT STRIDE GRADIENT MATRICES DESCENT DATA_STATE REFERENCE DATA STEPS EVENTS'.split(' ')
export interface Translation {
  readonly constants: readonly string[]
  readonly prototypes: readonly string[]
  readonly functions: readonly string[]
  readonly headers: readonly string[]
}

/** Translates the function `root` of the generated module, and all that it reaches. Throws a Refusal. */
export function translate(parsed: Parsed, root: string): Translation {
  return new Translator(parsed).all(root)
}

class Translator implements Names {
  private readonly constants = new Map<string, string>()
  private readonly instances = new Map<string, Instance>()
  private slots = 0
  private hasLayers = false

  constructor(private readonly parsed: Parsed) {}

  all(root: string): Translation {
    this.instance(this.file('landscape'), root, [])
    for (const name of usedByHeader) this.constant(this.file('landscape'), name)
    for (const name of ['LAYERS', 'TANH_TABLE']) this.constant(this.file('memory'), name)
    const functions: string[] = []
    const prototypes: string[] = []
    // Printing a function adds those that it calls.
    for (const instance of this.instances.values()) {
      const { head, body } = new FunctionPrinter(this, instance).print()
      prototypes.push(`${head};`)
      functions.push(`${head} ${body}`)
    }
    const headers = ['lanes.h', ...(this.hasLayers ? ['layers.h'] : [])]
    return { constants: [...this.constants.values()], prototypes, functions, headers }
  }

  get kinds() {
    return this.parsed.kinds
  }

  file(name: string): File {
    if (refused[name] !== undefined) throw new Refusal(`the steps compute ${refused[name]}`)
    return this.parsed.files.get(name)!
  }

  /** The file that declares a name that is used in `file`; null if no file does. */
  resolve(file: File, name: string): { readonly file: File; readonly name: string } | null {
    if (file.functions.has(name) || file.variables.has(name)) return { file, name }
    const imported = file.imports.get(name)
    if (imported !== undefined && imported.name !== null) return this.resolve(this.file(imported.file), imported.name)
    for (const other of file.all) {
      const found = this.resolve(this.file(other), name)
      if (found !== null) return found
    }
    for (const global of ['memory', 'landscape']) {
      const { variables } = this.parsed.files.get(global)!
      if (file.name !== global && isGlobal(variables.get(name))) return { file: this.parsed.files.get(global)!, name }
    }
    return null
  }

  instance(from: File, called: string, typeArguments: readonly string[]): string | null {
    const found = this.resolve(from, called)
    const node = found?.file.functions.get(found.name)
    if (found === null || node === undefined) return null
    const name = ['f', found.file.name, found.name, ...typeArguments].join('_')
    const uses = written[name]
    if (uses === layers) this.hasLayers = true
    for (const [file, used] of uses ?? [])
      this.instance(this.file(file), used, []) ?? this.constant(this.file(file), used)
    if (uses !== undefined || this.instances.has(name)) return name
    const parameters = (node.typeParameters ?? []).map((each, i) => [each.name.text, typeArguments[i]!] as const)
    this.instances.set(name, { file: found.file, node, name, typeArguments: new Map(parameters) })
    return name
  }

  constant(from: File, used: string): string | null {
    const found = this.resolve(from, used)
    const node = found?.file.variables.get(found.name)
    if (found === null || node === undefined) return null
    const name = isGlobal(node) ? `g_${found.name}` : `c_${found.file.name}_${found.name}`
    if (this.constants.has(name)) return name
    const type = node.type === null ? null : types[textOf(node.type)]!
    if (textOf(node).includes('memory.data')) {
      this.constants.set(
        name,
        `${this.tableOf(found.file, node.initializer!, name)}\n#define ${name} ((${table})${name}_)`,
      )
    } else if (this.isVariable(node)) {
      this.constants.set(name, `#define ${name} (*(${type} *)(S + ${8 * this.slots++}))`)
    } else {
      this.constants.set(name, '')
      const value = new FunctionPrinter(this, { file: found.file, node, name, typeArguments: new Map() })
      const text = value.expression(node.initializer!)
      this.constants.set(name, `#define ${name} (${type === null ? '' : `(${type})`}${text})`)
    }
    return name
  }

  private isVariable({ range }: Node): boolean {
    return /let $/.test(range.source.text.slice(0, range.start).slice(-4))
  }

  tableOf(file: File, { args, typeArguments }: Node, name: string): string {
    const isFloat = textOf(typeArguments![0]!) === 'f64'
    const bits = args[0]!.elementExpressions.map((each) => {
      if (!isFloat) return `${textOf(each)}u`
      return `0x${new BigUint64Array(Float64Array.of(this.valueOf(file, each)!).buffer)[0]!.toString(16)}u`
    })
    return `static const uint64_t ${name}_[] = {${bits.join(', ')}};`
  }

  valueOf(file: File, node: Node, locals: ReadonlySet<string> = new Set()): number | undefined {
    const { kinds } = this
    const inner = (each: Node) => this.valueOf(file, each, locals)
    switch (node.kind) {
      case kinds.Literal:
        return node.literalKind <= 1 ? Number(textOf(node)) : undefined
      case kinds.True:
        return 1
      case kinds.False:
        return 0
      case kinds.Parenthesized:
        return inner(node.expression)
      case kinds.Assertion:
        return /usize|i32|f64/.test(textOf(node.toType)) ? inner(node.expression) : undefined
      case kinds.Identifier: {
        if (locals.has(node.text)) return undefined
        const found = this.resolve(file, node.text)
        const declared = found?.file.variables.get(found.name)
        if (found === null || declared === undefined || this.isVariable(declared)) return undefined
        return declared.initializer === null ? undefined : this.valueOf(found.file, declared.initializer)
      }
      case kinds.UnaryPrefix: {
        const value = inner(node.operand)
        if (value === undefined) return undefined
        const operator = textOf(node)[0]
        return operator === '-' ? -value : operator === '!' ? Number(value === 0) : undefined
      }
      case kinds.Binary: {
        const [a, b] = [inner(node.left), inner(node.right)]
        const operator = operatorOf(node)
        if (operator === '&&' && (a === 0 || b === 0)) return 0
        if (operator === '||' && (a === 1 || b === 1)) return 1
        return a === undefined || b === undefined ? undefined : operations[operator]?.(a, b)
      }
      default:
        return undefined
    }
  }
}

const operations: Readonly<Record<string, (a: number, b: number) => number>> = {
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  '>': (a, b) => Number(a > b),
  '&&': (a, b) => Number(a !== 0 && b !== 0),
  '||': (a, b) => Number(a !== 0 || b !== 0),
}

function isGlobal(node: Node | undefined): boolean {
  return node?.decorators?.some(({ name }) => name.text === 'global') ?? false
}
