import type { PreparedCell } from '../run/prepare.ts'
import { runtime } from '../run/runtime.ts'
import { headers } from './headers.generated.ts'

/** The C text of a library with the step loop of a shape, or why there is none. */
export type NativeSource = { readonly c: string } | { readonly refusal: string }

interface Defined {
  readonly head: string
  readonly body: string
}

class Refusal extends Error {}

/**
 * Translates the step loop of a shape (`prepare` with `native`), and the functions that it calls, to C for eight lanes
 * (`native/lanes.h`). The emitted text and the runtime use a small part of AssemblyScript, which differs from C only in
 * how it writes types. Whatever means something else with eight lanes is written by hand in the headers, or refused.
 */
export function nativeSource({
  native,
  source,
  places,
  free,
}: Pick<PreparedCell, 'native' | 'source' | 'places' | 'free'>): NativeSource {
  if (native === null) throw new Error('the cell was not prepared for native lanes')
  try {
    if (lanesOfVector * places.stride > maxStackBytes) throw new Refusal('too many coordinates')
    return { c: new Translation(source, native, free).text() }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { refusal: `native lanes do not support this cell yet (${error.message})` }
  }
}

/** A vector of the module has two lanes, and one of C has eight. */
const lanesOfVector = 4

/** The words of the vectors are on the stack. The stack of a thread has at least 1 MB. */
const maxStackBytes = 262_144

/** Names that the headers define. */
const known = new Set([
  ...[...headers['lanes.h'].matchAll(/^#define (\w+)|(?:^INLINE \w+ |^static .* )(\w+)\(/gm)].map(
    ([, a, b]) => a ?? b!,
  ),
  ...['if', 'while', 'for', 'return', 'switch', 'f64', 'i32', 'i64', 'u32', 'u64', 'usize', 'bool', 'u8'],
])

/** Functions whose only vectors come from numbers, so that lane 0 is their result. */
const ofNumbers = new Set(['exp', 'log'])

/** Functions that read tables of C, whose addresses are not in the module's memory. */
const ofTables = new Set(['at_v', 'windowOf'])

/** Functions whose address of a state is that of all lanes. They draw for one lane after the other. */
const ofStates = new Set(['nextNormals', 'studentFactor'])

class Translation {
  private readonly functions = new Map<string, Defined>()
  private readonly constants = new Map<string, string>()
  private readonly used = new Map<string, string>()
  private readonly declared: string[] = []

  /** `end` is the first address behind everything that the cell needs. */
  constructor(
    source: string,
    advance: string,
    private readonly end: number,
  ) {
    for (const text of [source, ...Object.values(runtime), advance].map((each) => withTables(bare(each)))) {
      for (const [, name, type, value] of text.matchAll(
        /^(?:export )?const (\w+)(?:: (\w+))? = ([^[]+?|memory[\s\S]+?\]\))$/gm,
      ))
        this.constants.set(name!, constant(name!, type ?? 'f64', value!))
      for (const [, name, type, value] of text.matchAll(/^(?:export )?let (\w+): (\w+) = (.+)$/gm))
        this.constants.set(name!, `static __thread ${typeOf(type!)} ${name} = ${value};`)
      const functions = /^(?:export )?function (\w+)\(([\s\S]*?)\): (\w+) \{(?: (.*) \}$|\n([\s\S]*?)^\}$)/gm
      for (const [, name, parameters, result, line, block] of text.matchAll(functions)) {
        const given = parameters!
          .split(',')
          .map((each) => each.trim())
          .filter(Boolean)
        const typed = given.map((each) => each.replace(/^(\w+): (\w+)$/, (_, word, type) => `${typeOf(type)} ${word}`))
        const head = `static ${typeOf(result!)} ${name}_(${['const Context *lanes', ...typed].join(', ')})`
        this.functions.set(name!, { head, body: block ?? `  ${line}\n` })
      }
    }
  }

  text(): string {
    this.use('advance')
    const enter = [
      'static i64 enter(u8 *memory, i64 limit) {',
      '  V own[STRIDE / 16];',
      '  Context context = {memory, own}, *lanes = &context;',
      '  for (usize offset = 0; offset < STRIDE; offset += 16) own_in(offset);',
      '  i64 taken = advance(limit);',
      '  for (usize offset = 0; offset < STRIDE; offset += 16) own_out(offset);',
      '  return taken;',
      '}',
    ]
    const macros = [...this.used.keys()].map((name) => `#define ${name}(...) ${name}_(lanes __VA_OPT__(,) __VA_ARGS__)`)
    const heads = [...this.used.keys()].map((name) => `${this.functions.get(name)!.head};`)
    const values = ['VECTORS_AT', 'STRIDE', 'LAYERS', 'STEPS', 'EVENTS', 'TANH_TABLE'].map((name) => this.value(name))
    const ordered = [...new Set([...values, ...this.declared])]
    return [
      ...ordered.filter((each) => each.startsWith('#define')),
      `#define END ${this.end}`,
      headers['lanes.h'],
      ...ordered.filter((each) => !each.startsWith('#define')),
      ...heads,
      ...macros,
      ...(this.used.has('attempt') ? [repair] : []),
      ...this.used.values(),
      ...enter,
      headers['module.h'],
    ].join('\n')
  }

  private value(name: string): string {
    const text = this.constants.get(name)
    if (text === undefined) throw new Refusal(`it has no ${name}`)
    return text
  }

  private use(name: string): string {
    const known = this.used.get(name)
    if (known !== undefined) return known
    const { head, body } = this.functions.get(name)!
    this.used.set(name, '')
    const text = `${head} {\n${statements(translated(body, name))}\n}\n`
    this.used.delete(name)
    this.lookUp(text.slice(text.indexOf('{')), name)
    this.used.set(name, text)
    return text
  }

  /** Uses the functions and constants that a text names. */
  private lookUp(text: string, of: string): void {
    for (const [, name, call] of text.matchAll(/\b([A-Za-z]\w*)\b(\()?/g)) {
      if (known.has(name!) || name!.endsWith('_words')) continue
      if (call !== undefined && name === 'repair') {
        for (const each of ['attempt', 'tail', 'nextUniform', 'exp', 'log'])
          if (this.functions.has(each)) this.use(each)
      } else if (call !== undefined && this.functions.has(name!)) {
        if (name !== of) this.use(name!)
      } else if (call !== undefined) throw new Refusal(`it needs ${name}`)
      else if (this.constants.has(name!) && !this.declared.includes(this.value(name!))) {
        this.declared.push(this.value(name!))
        this.lookUp(this.value(name!).replace(/^#define \w+/, ''), of)
      }
    }
  }
}

/** A lane whose first attempt fell outside its layer draws alone. */
const repair = `
static __attribute__((noinline)) V repair_(const Context *lanes, V bits, V x, V outside) {
  EACH(k) if (((U)outside)[k]) x[k] = attempt(STATE(k), ((U)bits)[k]);
  return x;
}
#define repair(bits, x, outside) repair_(lanes, bits, x, outside)
`

/** Without comments, imports, decorators and namespaces. */
const bare = (text: string): string =>
  text
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/ *\/\/.*$/gm, '')
    .replaceAll(/^import [\s\S]*?from .*$/gm, '')
    .replaceAll(/^(@\w+ *)+\n?/gm, '')
    .replaceAll(/\b(elementary|laws)\./g, '')
    // A word of C.
    .replaceAll(/\bsigned\b(?!\()/g, 'withSign')

/** The tables of a file get names of their own: another file may use the same name for an address in the memory. */
function withTables(text: string): string {
  const tables = [...text.matchAll(/^const (\w+): usize = memory\.data/gm)].map(([, name]) => name!)
  return tables.reduce((all, name) => all.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), `${name}_OWN`), text)
}

const typeOf = (type: string): string => (type === 'v128' ? 'V' : type)

function constant(name: string, type: string, value: string): string {
  const [, element, numbers] = /^memory\.data<(\w+)>\(\[([\s\S]*)\]\)$/.exec(value) ?? []
  if (element === undefined) return `#define ${name} ((${typeOf(type)})(${translated(value, name)}))`
  return `static const ${element} ${name}_words[] = {${numbers}};\n#define ${name} ((usize)${name}_words)`
}

/** An expression or statements in C, without the semicolons. */
function translated(text: string, name: string): string {
  const c = lanewise(text)
    .replaceAll(/,\s*\)/g, ')')
    .replaceAll(/\b(\w+)<(\w+)>\(/g, '$1_$2(')
    .replaceAll(/<(i32|u32|i64|u64|usize|f64|bool|u8)>/g, '($1)')
    .replaceAll(/\b(v128|f64x2|i64x2|i32x4|Math)\.(\w+)/g, '$1_$2')
    .replaceAll(/\b(?:const|let) ([\w$]+): (\w+)/g, (_, word, type) => `${typeOf(type)} ${word}`)
    .replaceAll(/\b(?:const|let) ([\w$]+) =/g, '__auto_type $1 =')
    .replaceAll(/, ([\w$]+): \w+ = /g, ', $1 = ')
    .replaceAll(/(?<![\w(])(u64|i64|i32|u32)\(/g, '($1)(')
    .replaceAll('f64.POSITIVE_INFINITY', 'Infinity')
    .replaceAll(
      /__auto_type (\w+) = memory\.data<?_?(\w+)>?\(\[([\s\S]*?)\]\)/g,
      'static const $2 $1_words[] = {$3}; usize $1 = (usize)$1_words',
    )
    .replaceAll(ofTables.has(name) ? /(v128_load64_splat|load_u64)\(/g : /$^/g, 'table_$1(')
    .replaceAll(/(\w+)\(VECTORS_AT \+ 0([,)])/g, (call, callee: string, rest) =>
      ofStates.has(callee) ? `${callee}(0${rest}` : call,
    )
    .replaceAll(/v128_load\(VECTORS_AT \+ 0(?: \+ (\(.*?\)))?, (\d+)\)/g, 'own_load($1 + $2)')
    .replaceAll(/v128_store\(VECTORS_AT \+ 0(?: \+ (\(.*?\)))?, (.*), (\d+)\)$/gm, 'own_store($2, $1 + $3)')
    .replaceAll(/v128_load\(STEPS, 0\)/g, 'lanes_load(STEPS)')
    .replaceAll(/v128_store\(EVENTS, (.*), 0\)$/gm, 'lanes_store(EVENTS, $1)')
    .replaceAll('repair(VECTORS_AT + 0, ', 'repair(')
    .replaceAll(/(i64x2_bitmask\(.*\)) != 3/g, '$1 != 255')
    .replaceAll(ofNumbers.has(name) ? /f64x2_extract_lane\((.*), 0\)/g : /$^/g, '($1)[0]')
  const [left] =
    /VECTORS_AT|v128_load\(.*|v128_store\(.*|\w+_lane\(.*/.exec(
      c.replaceAll(/i32x4_extract_lane\(t\d+, [02]\)/g, ''),
    ) ?? []
  if (left !== undefined && name !== 'VECTORS_AT')
    throw new Refusal(`${name} uses ${/[A-Z][A-Z_]+/.exec(left)?.[0] ?? left.slice(0, 40)}`)
  return c
}

/** A number for lane 0, the number for lane 1, and a vector of both. */
const numbersOfBoth = new RegExp(
  String.raw`^( *)const first = (.*)\n *const second = (.*)\n` +
    String.raw` *return f64x2\.replace_lane\(f64x2\.splat\(first\), 1, second\)$`,
  'gm',
)

/** A block that is executed where a mask has lane 0, and then the same block for lane 1. */
const blocksOfBoth = new RegExp(
  String.raw`^( *)if \(i64x2\.extract_lane\((\w+), 0\)\) \{\n([\s\S]*?)^\1\}\n` +
    String.raw`\1if \(i64x2\.extract_lane\(\2, 1\)\) \{\n([\s\S]*?)^\1\}$`,
  'gm',
)

/**
 * What is done for lane 0, and then again for lane 1, is done for each of eight lanes. Lane 1 has its state 8 bytes
 * behind that of lane 0.
 */
const lanewise = (text: string): string =>
  text
    .replaceAll(numbersOfBoth, (_, before: string, first: string, second: string) => {
      if (second !== first.replaceAll(/(_lane\([^)]*?), 0\b/g, '$1, 1').replaceAll('(state', '(state + 8'))
        throw new Refusal('its lanes differ')
      const one = first.replaceAll(/f64x2\.extract_lane\((\w+), 0\)/g, 'LANE($1, k)').replaceAll('(state', '(STATE(k)')
      return `${before}ALL(r, ${one})\n${before}return r`
    })
    .replaceAll(blocksOfBoth, (_, before: string, mask: string, first: string, second: string) => {
      if (second !== first.replaceAll(/(_lane\([^)]*?), 0\b/g, '$1, 1')) throw new Refusal('its lanes differ')
      return `${before}EACH(k) if (bits_in(${mask}, k)) {\n${first
        .replaceAll(/(\w+) = (\w+)\.replace_lane\(\1, 0, (.*)\)$/gm, 'SET_LANE($1, k, $3)')
        .replaceAll(/f64x2\.extract_lane\((\w+), 0\)/g, 'LANE($1, k)')}${before}}`
    })

/** With the semicolons that AssemblyScript may leave out. */
function statements(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  let depth = 0
  return lines
    .map((line, index) => {
      for (const [each] of line.matchAll(/[()[\]]/g)) depth += '(['.includes(each) ? 1 : -1
      const next = lines[index + 1]?.trim() ?? ''
      const ends = depth === 0 && !/([{};,?:&|*/=]|[^+]\+|[^-]-)$/.test(line) && !/^[?:&|+*/.]/.test(next)
      return ends && !/^\s*(if|else|while|for)\b.*[){]$/.test(line) ? `${line};` : line
    })
    .join('\n')
}
