import type { TxtDocumentNode, TxtNode } from '@textlint/ast-node-types'
import type { TextlintPluginCreator } from '@textlint/types'
import { type Comment, type Expression, parseSync, type TemplateLiteral, Visitor } from 'oxc-parser'
import { hole, type Kind, withoutQuotations } from './prose.ts'

/** Attributes of JSX whose value is no text for people. */
const machine = /^(class(Name)?|style|d|id|key|type|role|rel|href|src|to|htmlFor|viewBox|points|transform|data-.*)$/
/** Properties whose value labels something. */
const labels = /^(title|label|labels|heading|header|caption|legend|axis|xLabel|yLabel|unit|ariaLabel|placeholder|alt)$/
const directive = /^\s*(biome-ignore|@ts-|@vite-|[#@]__|v8 ignore|\/ <reference)/

/** One stretch of a text: words as they are read, or, without words, a value that the program inserts. */
interface Piece {
  start: number
  end: number
  words?: string
}

interface Text {
  kind: Kind
  pieces: Piece[]
}

/** What people read in a file of TypeScript: comments, texts in JSX, and literals that are prose. */
function textsOf(name: string, source: string): Text[] {
  const { program, comments } = parseSync(name, source)
  const texts: Text[] = commentsOf(comments, source)
  const seen = new Set<unknown>()
  const named: string[] = []
  let depth = 0
  const literal = (node: Expression): void => {
    if (seen.has(node)) return
    const pieces = piecesOf(node, seen)
    if (isProse(pieces.map(({ words }) => words ?? hole).join(''))) {
      const isLabel = depth > 0 || named.some((name) => labels.test(name))
      texts.push({ kind: isLabel ? 'label' : 'message', pieces })
    }
  }
  const visitor = new Visitor({
    TaggedTemplateExpression: ({ quasi }) => void seen.add(quasi),
    TSLiteralType: ({ literal }) => void seen.add(literal),
    Property: ({ key }) => void named.push(key.type === 'Identifier' ? key.name : ''),
    'Property:exit': () => void named.pop(),
    JSXAttribute: ({ name, value }) => {
      if (value?.type !== 'Literal' || typeof value.value !== 'string') {
        if (name.type === 'JSXIdentifier' && machine.test(name.name)) forget(value, seen)
        return
      }
      if (name.type !== 'JSXIdentifier' || !machine.test(name.name)) literal(value)
      seen.add(value)
    },
    JSXElement: ({ children }) => jsx(children),
    'JSXElement:exit': () => void depth--,
    JSXFragment: ({ children }) => jsx(children),
    'JSXFragment:exit': () => void depth--,
    BinaryExpression: (node) => {
      if (node.operator === '+') literal(node)
    },
    Literal: (node) => {
      if (typeof node.value === 'string') literal(node)
    },
    TemplateLiteral: (node) => literal(node),
  })
  const jsx = (children: readonly { type: string; start: number; end: number; value?: unknown }[]): void => {
    depth++
    const pieces = children.map(({ type, start, end, value }) =>
      type === 'JSXText' ? { start, end, words: String(value).replace(/\s+/g, ' ') } : { start, end },
    )
    if (pieces.some(({ words }) => words !== undefined && /\p{L}{2}/u.test(words))) {
      texts.push({ kind: 'label', pieces })
    }
  }
  visitor.visit(program)
  return texts
}

/** Marks all literals of a value as no text. */
function forget(value: unknown, seen: Set<unknown>): void {
  if (typeof value !== 'object' || value === null) return
  seen.add(value)
  for (const part of Object.values(value)) forget(part, seen)
}

/** The words of a literal, of a template, or of a sum that contains one. */
function piecesOf(node: Expression, seen: Set<unknown>): Piece[] {
  if (node.type === 'BinaryExpression' && node.operator === '+') {
    seen.add(node)
    return [node.left as Expression, node.right].flatMap((part) => piecesOf(part, seen))
  }
  if (node.type === 'Literal' && typeof node.value === 'string') {
    seen.add(node)
    return [{ start: node.start, end: node.end, words: node.value }]
  }
  if (node.type === 'TemplateLiteral') {
    seen.add(node)
    return templatePieces(node)
  }
  return [{ start: node.start, end: node.end }]
}

const templatePieces = ({ quasis, expressions }: TemplateLiteral): Piece[] =>
  quasis.flatMap(({ start, end, value }, at) => {
    const inserted = expressions[at]
    const words = { start, end, words: value.cooked ?? value.raw }
    return inserted === undefined ? [words] : [words, { start: inserted.start, end: inserted.end }]
  })

/** Marks of SQL, of generated code, and of shell scripts. */
const code = [
  /->|::|=>|\$\d|\$\$|@\w+ @| as \uFFFC+$|^-c /,
  /^\s*(import|export)\s.*(\bfrom\b|=|\(|:)|^\s*(const|let)\s.*=|^\s*exec\s|^\s*copy \S+ \(/s,
  /\bselect\b.*\b(from|limit)\b|\b(insert into|delete from|is (not )?null|(order|group) by|on conflict)\b/is,
  /^\s*(create|alter|drop|grant) (or replace |unique )?(table|index|view|role|function|schema|usage|database|select)\b/,
  /^\s*\(?(and|or|where|join|left join|set|update|from)\s.*( = | <> |\bset\b|\bwhere\b)|^\s*with\s.*\sas \(/s,
  /^\s*(\w+, )*\w*_\w*(, \w+)*\s*$/,
  /[;{}]\s*$/m,
  /<\/?\w+[ >]/,
]

/** Whether a literal is text for people: it has a space and a lower-case word, and is no code. */
export function isProse(literal: string): boolean {
  const text = withoutQuotations(literal)
  if (!/(^|[\s(\uFFFC])\p{Ll}{2,}/u.test(text) || !/\S\s+\S/.test(text)) return false
  if (code.some((mark) => mark.test(text))) return false
  const ours = text.replaceAll(hole, '')
  const letters = ours.match(/[\p{L}\s.,'’-]/gu)?.length ?? 0
  return letters >= 0.8 * ours.length
}

/** Comments without their marks; lines that begin with `//` one after the other are one comment. */
function commentsOf(comments: readonly Comment[], source: string): Text[] {
  const texts: Text[] = []
  let lastEnd = -1
  for (const { type, value, start, end } of comments) {
    if (directive.test(value) || !/\p{L}{2,}/u.test(value)) continue
    const lines = linesOf(value, start + 2, type === 'Block')
    const goesOn = type === 'Line' && lastEnd >= 0 && /^\n[ \t]*$/.test(source.slice(lastEnd, start))
    const last = texts.at(-1)
    if (goesOn && last !== undefined) last.pieces.push(...lines)
    else texts.push({ kind: 'comment', pieces: lines })
    lastEnd = type === 'Line' ? end : -1
  }
  return texts
}

function linesOf(value: string, start: number, block: boolean): Piece[] {
  let at = start
  return value.split('\n').map((line) => {
    const mark = (block ? /^\s*\*+ ?/ : /^\s*/).exec(line)?.[0].length ?? 0
    const piece = { start: at + mark, end: at + line.length + 1, words: `${line.slice(mark)}\n` }
    at += line.length + 1
    return piece
  })
}

/** A file of TypeScript as a document of textlint: a paragraph for each text, with its kind. */
function documentOf(name: string, source: string): TxtDocumentNode {
  const starts = [0]
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) starts.push(at + 1)
  const position = (offset: number) => {
    let [low, high] = [0, starts.length]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (starts[middle]! <= offset) low = middle
      else high = middle
    }
    return { line: low + 1, column: offset - starts[low]! }
  }
  const node = (type: TxtNode['type'], start: number, end: number) => ({
    type,
    raw: source.slice(start, end),
    range: [start, end] as const,
    loc: { start: position(start), end: position(end) },
  })
  const children = textsOf(name, source).map(({ kind, pieces }) => ({
    ...node('Paragraph', pieces[0]!.start, pieces.at(-1)!.end),
    kind,
    children: pieces.map(({ start, end, words }) => {
      const inserted = source.slice(start, end)
      return words === undefined
        ? { ...node('Code', start, end), value: /^[\w.]+$/.test(inserted) ? inserted : '..' }
        : { ...node('Str', start, end), value: words }
    }),
  }))
  return { ...node('Document', 0, source.length), children } as unknown as TxtDocumentNode
}

export const typescript: TextlintPluginCreator = {
  Processor: class {
    availableExtensions = () => ['.ts', '.tsx']
    processor = () => ({
      preProcess: (text: string, file?: string) => documentOf(file ?? '.ts', text),
      postProcess: (messages: never[], filePath?: string) => ({ messages, filePath: filePath ?? '' }),
    })
  },
}
