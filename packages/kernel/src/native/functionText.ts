import { instructions, Refusal, refused, scalars, table, types, words } from './instructions.ts'
import { type File, type Node, operatorOf, type Parsed, textOf } from './parse.ts'

/** Names of addresses in S: a scalar that they point at belongs to one lane. */
const laneAddresses = new Set(['state', 'targets', 'losses'])
const laneFields = new Set(['POSITION', 'ORDER', 'CHOSEN_NEXT'])

/** What a code for the first lane of a pair becomes for the second. */
function asFirst(text: string, partners: ReadonlyMap<string, string>): string {
  const alike = text
    .replace(/_lane\((\w+), 1(?=[,)])/g, '_lane($1, 0')
    .replace(/ \+ (8|BATCH_BYTES)(?=[,)])/g, '')
    .replace(/\(STEPS, 8\)/g, '(STEPS, 0)')
  return [...partners].reduce(
    (all, [second, first]) => all.replaceAll(new RegExp(`\\b${second}\\b`, 'g'), first),
    alike,
  )
}

/** The C name of a local. Names that the emitter keeps apart from those of a spec contain a dollar sign. */
function local(name: string): string {
  return `v_${name.replaceAll('$', '_i')}`
}

/** What a function knows of the module. */
export interface Names {
  readonly kinds: Parsed['kinds']
  file(name: string): File
  /** The C name of a function, which will be translated; null if there is none of this name. */
  instance(from: File, called: string, typeArguments: readonly string[]): string | null
  /** The C name of a constant, or of a variable, which has a place in S. */
  constant(from: File, used: string): string | null
  /** The bits of a static table. */
  tableOf(file: File, data: Node, name: string): string
  /** The value of an expression of constants. A name in `locals` is no constant. */
  valueOf(file: File, node: Node, locals?: ReadonlySet<string>): number | undefined
}

export interface Instance {
  readonly file: File
  readonly node: Node
  readonly name: string
  /** Names of type parameters that stand for `FromData`. */
  readonly typeArguments: ReadonlyMap<string, string>
}

/** Prints a function, or the value of a constant, as C. */
export class FunctionPrinter {
  private readonly locals = new Set<string>()
  /** Locals with a value for each lane, and the locals for the first lane of a pair. */
  private readonly partners = new Map<string, string>()
  private inLane = false
  private readsTable = false

  constructor(
    private readonly of: Names,
    private readonly instance: Instance,
  ) {}

  print(): { readonly head: string; readonly body: string } {
    const { node, name, file } = this.instance
    if (refused[file.name] !== undefined) throw new Refusal(`the steps compute ${refused[file.name]}`)
    const { parameters, returnType } = node.signature
    const typed = parameters.map((each) => {
      const own = each.name.text
      this.locals.add(own)
      if (own === 'table') this.readsTable = true
      return `${own === 'table' ? table : this.type(each.type!)} ${local(own)}`
    })
    const inlined = node.decorators?.some((each) => each.name.text === 'inline')
    const head = `${inlined ? 'INLINE' : 'static'} ${this.type(returnType)} ${name}(${['BOTH', ...typed].join(', ')})`
    return { head, body: this.statement(node.body) }
  }

  private type(node: Node): string {
    const type = types[textOf(node)]
    if (type === undefined) throw new Refusal(`the steps have a value of type ${textOf(node)}`)
    return type
  }

  private valueOf(node: Node): number | undefined {
    return this.of.valueOf(this.instance.file, node, this.locals)
  }

  /** Code that runs for each lane. */
  private eachLane(code: () => string): string {
    const before = this.inLane
    this.inLane = true
    const text = `for (int lane = 0; lane < LANES; lane++) ${code()}`
    this.inLane = before
    return text
  }

  private block(statements: readonly Node[]): string {
    const lines: string[] = []
    for (let i = 0; i < statements.length; i++) {
      const pair = i + 1 < statements.length ? this.pair(statements[i]!, statements[i + 1]!) : null
      if (pair === null) lines.push(this.statement(statements[i]!))
      else {
        lines.push(pair)
        i++
      }
    }
    return `{\n${lines.join('\n')}\n}`
  }

  /** If the statements do the same for the first and the second lane of a pair, the code that does it for each lane. */
  private pair(one: Node, two: Node): string | null {
    const { kinds } = this.of
    if (one.kind === kinds.Variable && two.kind === kinds.Return) {
      const [{ name, initializer }] = one.declarations as [Node]
      const own = initializer === null ? '' : textOf(initializer)
      const alike = `f64x2.replace_lane(f64x2.splat(${name.text}), 1, ${own})`
      return asFirst(textOf(two), this.partners).endsWith(alike) ? this.statement(two) : null
    }
    if (one.kind !== two.kind) return null
    if (one.kind === kinds.Variable) {
      const [first, second] = [one.declarations![0]!, two.declarations![0]!]
      const values = [first, second].map(({ initializer }) => (initializer ? textOf(initializer) : ''))
      if (values[0] === values[1] || asFirst(values[1]!, this.partners) !== values[0]) return null
      this.partners.set(second.name.text, first.name.text)
      this.locals.add(second.name.text)
      const name = local(second.name.text)
      const fill = this.eachLane(() => `${name}[lane] = ${this.expression(second.initializer!)};`)
      const value = fill.slice(fill.indexOf(' = ', fill.indexOf('[lane]')) + 3, -1)
      return `__typeof__(({ int lane = 0; ${value}; })) ${name}[LANES];\n${fill}`
    }
    if (one.kind !== kinds.Expression && one.kind !== kinds.If) return null
    if (textOf(one) === textOf(two) || asFirst(textOf(two), this.partners) !== textOf(one)) return null
    return this.eachLane(() => this.statement(two))
  }

  private declaration({ name, type, initializer }: Node): string {
    this.locals.add(name.text)
    if (initializer !== null && textOf(initializer).startsWith('memory.data')) {
      const own = `d_${name.text}`
      this.readsTable = true
      const bits = this.of.tableOf(this.instance.file, initializer, own)
      return `${bits}\n${table} ${local(name.text)} = (${table})${own}_;`
    }
    const own = type === null ? '__auto_type' : this.type(type)
    const value = initializer === null ? '{0}' : this.expression(initializer)
    return `${own} ${local(name.text)} = ${value};`
  }

  private statement(node: Node): string {
    const { kinds } = this.of
    switch (node.kind) {
      case kinds.Block:
        return this.block(node.statements)
      case kinds.Variable:
        return node.declarations!.map((each) => this.declaration(each)).join('\n')
      case kinds.Expression:
        return `${this.expression(node.expression)};`
      case kinds.Return:
        return (node.value as Node | null) === null ? 'return;' : `return ${this.expression(node.value)};`
      case kinds.Break:
        return 'break;'
      case kinds.Continue:
        return 'continue;'
      case kinds.Empty:
        return ';'
      case kinds.If: {
        const value = this.valueOf(node.condition)
        if (value !== undefined) {
          const taken = value !== 0 ? node.ifTrue : node.ifFalse
          return taken === null ? ';' : this.statement(taken)
        }
        const other = node.ifFalse === null ? '' : ` else ${this.statement(node.ifFalse)}`
        return `if (${this.expression(node.condition)}) ${this.statement(node.ifTrue)}${other}`
      }
      case kinds.While:
        return `while (${this.expression(node.condition)}) ${this.statement(node.body)}`
      case kinds.For: {
        const begin = node.initializer === null ? '' : this.statement(node.initializer)
        const condition = (node.condition as Node | null) === null ? '' : this.expression(node.condition)
        const next = node.incrementor === null ? '' : this.expression(node.incrementor)
        return `{\n${begin}\nfor (; ${condition}; ${next}) ${this.statement(node.body)}\n}`
      }
      default:
        throw new Refusal(`the steps have a statement of kind ${node.kind}`)
    }
  }

  expression(node: Node): string {
    const { kinds } = this.of
    const inner = (each: Node) => this.expression(each)
    switch (node.kind) {
      case kinds.Literal:
        return this.literal(node)
      case kinds.True:
      case kinds.False:
        return words[textOf(node)]!
      case kinds.Parenthesized:
        return inner(node.expression)
      case kinds.Identifier:
        return this.name(node.text)
      case kinds.PropertyAccess:
        return words[textOf(node)] ?? this.unknown(node)
      case kinds.Assertion:
        return `((${this.type(node.toType)})${inner(node.expression)})`
      case kinds.UnaryPrefix:
        return `(${textOf(node)
          .slice(0, node.operand.range.start - node.range.start)
          .trim()}${inner(node.operand)})`
      case kinds.UnaryPostfix:
        return `${inner(node.operand)}${textOf(node)
          .slice(node.operand.range.end - node.range.start)
          .trim()}`
      case kinds.Comma:
        return node.expressions.map(inner).join(', ')
      case kinds.Ternary: {
        const value = this.valueOf(node.condition)
        if (value !== undefined) return inner(value !== 0 ? node.ifThen : node.ifElse)
        return `(${inner(node.condition)} ? ${inner(node.ifThen)} : ${inner(node.ifElse)})`
      }
      case kinds.Binary:
        return this.binary(node)
      case kinds.Call:
        return this.call(node)
      default:
        return this.unknown(node)
    }
  }

  private unknown(node: Node): never {
    throw new Refusal(`the steps compute ${textOf(node).slice(0, 40)}, which has no C text yet`)
  }

  private literal(node: Node): string {
    const text = textOf(node)
    if (node.literalKind > 1 || !/^[-+.\dea-fx]+$/i.test(text)) this.unknown(node)
    return node.literalKind === 1 && Number(text) >= 2 ** 63 && !text.startsWith('0x') ? `${text}.0` : text
  }

  private name(text: string): string {
    if (this.locals.has(text)) {
      if (this.inLane && this.partners.has(text)) return `${local(text)}[lane]`
      return local(text)
    }
    return words[text] ?? this.of.constant(this.instance.file, text) ?? this.missing(text)
  }

  private missing(name: string): never {
    throw new Refusal(`the steps use ${name}, which has no C text yet`)
  }

  private binary(node: Node): string {
    const operator = operatorOf(node)
    const { left, right } = node
    const [a, b] = [textOf(left), textOf(right)]
    if (/^[-+*/%&|^<>]*=$/.test(operator) && !['==', '<=', '>=', '!='].includes(operator))
      return `${this.expression(left)} ${operator} ${this.expression(right)}`
    if (this.inLane && operator === '+' && b === '8') return `(${this.expression(left)} + 2 * lane)`
    if (this.inLane && operator === '+' && b === 'BATCH_BYTES')
      return `(${this.expression(left)} + lane * ${this.expression(right)})`
    // One bit for each lane.
    if (b === '3' && a.startsWith('i64x2.bitmask')) return `(${this.expression(left)} ${operator} 255)`
    // The same condition for both lanes of a pair.
    if (operator === '&&' && !this.inLane && b.includes('(STEPS, 8)')) {
      const each = this.eachLane(() => `all &= ${this.expression(right)};`)
      return `(${this.expression(left)} && ({ bool all = true; ${each} all; }))`
    }
    const value = this.valueOf(left)
    if (operator === '&&' && value !== undefined) return value === 0 ? '0' : this.expression(right)
    return `(${this.expression(left)} ${operator} ${this.expression(right)})`
  }

  /** A vector with the value of an expression in each lane. */
  private lanes(value: () => string): string {
    return `({ F each; ${this.eachLane(() => `each[lane] = ${value()};`)} (V)each; })`
  }

  private call(node: Node): string {
    const { args } = node
    const called = textOf(node.expression)
    const given = (i: number) => this.expression(args[i]!)
    const all = () => args.map((each) => this.expression(each))
    const typed = (node.typeArguments ?? []).map(
      (each) => this.instance.typeArguments.get(textOf(each)) ?? textOf(each),
    )
    const offset = (i: number) => (args[i] === undefined ? '0' : given(i))
    switch (called) {
      case 'v128.load':
        return `WIDE_AT(V, ${given(0)}, ${offset(1)})`
      case 'v128.store':
        return `WIDE_AT(V, ${given(0)}, ${offset(2)}) = ${given(1)}`
      case 'v128.load64_splat':
        return this.readsTable
          ? `i64x2_splat(STATIC(int64_t, ${given(0)}, ${offset(1)}))`
          : `i64x2_splat(SHARED(int64_t, ${given(0)}, ${offset(1)}))`
      case 'v128.load64_lane':
        return this.lanes(() => `SHARED(double, ${given(0)}, ${offset(3)})`)
      case 'load':
        return this.scalar(typed[0]!, args[0]!, args[1])
      case 'store':
        return `${this.scalar(typed[0]!, args[0]!, args[2])} = ${given(1)}`
      case 'f64x2':
        return this.lanes(() => given(1))
      case 'f64x2.replace_lane':
        if (this.inLane) return `withNumber(${given(0)}, lane, ${given(2)})`
        return this.lanes(() => given(2))
      case 'i64x2.replace_lane':
        return this.inLane ? `withBits(${given(0)}, lane, ${given(2)})` : this.unknown(node)
      case 'f64x2.extract_lane':
        return `numberIn(${given(0)}, ${this.inLane ? 'lane' : '0'})`
      case 'i64x2.extract_lane':
        return this.inLane ? `${given(0)}[lane]` : this.unknown(node)
      case 'v128.shuffle': {
        const places = args.slice(2).map(textOf).join()
        if (typed[0] !== 'i32' || textOf(args[0]!) !== textOf(args[1]!)) return this.unknown(node)
        if (places === '0,0,2,2') return `lowWords(${given(0)})`
        return places === '1,1,3,3' ? `highWords(${given(0)})` : this.unknown(node)
      }
      case 'memory.copy': {
        if (this.instance.name === 'f_tile_copySample')
          return `memcpy(&SHARED(char, ${given(0)}, 0), &SHARED(char, ${given(1)}, 0), ${given(2)})`
        return `memcpy(&WIDE(char, ${given(0)}), &WIDE(char, ${given(1)}), 4 * (uint64_t)${given(2)})`
      }
      case 'memory.fill':
        return `memset(&WIDE(char, ${given(0)}), ${given(1)}, 4 * (uint64_t)${given(2)})`
      case 'isBoolean':
        return typed[0] === 'FromData' ? '1' : '0'
      // The offsets of all lanes are in one vector.
      case 'layerAt':
        return `layersOf(M, S, ${this.expression(args[0]!.args[0]!)})`
      default:
    }
    if (instructions.has(called)) return `${called.replace('.', '_')}(${all().join(', ')})`
    const scalar = scalars[typed.length > 0 ? `${called}<${typed.join()}>` : called]
    const [space, member] = called.split('.')
    const imported = this.instance.file.imports.get(space!)
    const name =
      member === undefined
        ? this.of.instance(this.instance.file, called, typed)
        : imported?.name === null
          ? this.of.instance(this.of.file(imported.file), member, typed)
          : null
    if (name !== null) return `${name}(${['M', 'S', ...all()].join(', ')})`
    return scalar === undefined ? this.unknown(node) : `${scalar}(${all().join(', ')})`
  }

  /** A scalar in memory: in S if it belongs to one lane, in M if it belongs to all. */
  private scalar(type: string, address: Node, offset: Node | undefined): string {
    const own = types[type]!
    const at = offset === undefined ? '0' : this.expression(offset)
    const place = this.expression(address)
    if (this.readsTable && /^(table|place)\b/.test(textOf(address))) return `STATIC(${own}, ${place}, ${at})`
    const root = /^\w+/.exec(textOf(address))?.[0]
    if (laneAddresses.has(root!) || (offset !== undefined && laneFields.has(textOf(offset))))
      return `WIDE_AT(${own}, ${place}, ${at})`
    if (root === 'STEPS' && this.inLane) return `SHARED(${own}, ${place}, 8 * lane)`
    return `SHARED(${own}, ${place}, ${at})`
  }
}
