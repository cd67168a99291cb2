import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language'
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint'
import { Annotation, EditorState, type Text } from '@codemirror/state'
import { drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view'
import type { SpecFinding } from '@driftfarm/spec'
import { tags } from '@lezer/highlight'
import { useEffect, useRef } from 'react'
import { flushSync } from 'react-dom'
import { mistakeText } from './mistakeText.ts'
import { suggestionsAt } from './suggestions.ts'

interface EditorProps {
  readonly text: string
  change(text: string): void
  readonly mistakes: readonly SpecFinding[]
}

/**
 * The editor is in a shadow root. There it adds its styles as constructed style sheets, which the content security
 * policy of the page allows. Outside of a shadow root it would add a `style` element.
 */
export function CodeEditor({ text, change, mistakes }: EditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const changed = useRef(change)
  changed.current = change
  useEffect(() => {
    const root = host.current!.shadowRoot ?? host.current!.attachShadow({ mode: 'open' })
    const listener = EditorView.updateListener.of((update) => {
      if (!update.docChanged || update.transactions.some((transaction) => transaction.annotation(isFromPage))) return
      // The page follows at once. If it rendered later, it would give back a text that lacks the newest characters.
      flushSync(() => changed.current(update.state.doc.toString()))
    })
    const made = new EditorView({ parent: root, root, doc: text, extensions: [extensions, listener] })
    view.current = made
    return () => made.destroy()
  }, [])
  useEffect(() => {
    const editor = view.current
    if (editor !== null && editor.state.doc.toString() !== text)
      editor.dispatch({
        changes: differenceOf(editor.state.doc.toString(), text),
        annotations: isFromPage.of(true),
      })
  }, [text])
  useEffect(() => {
    const editor = view.current
    if (editor === null) return
    const { doc } = editor.state
    // The mistakes of an earlier text have other places.
    const shown = mistakes.flatMap((mistake) => (mistake.line === null ? [] : [diagnosticOf(doc, mistake)]))
    editor.dispatch(setDiagnostics(editor.state, shown))
  }, [mistakes])
  return <div ref={host} className="editor" />
}

/** Marks a change that the page made, not the reader. */
const isFromPage = Annotation.define<boolean>()

/** The smallest range that differs, so that the cursor and the history of changes stay. */
function differenceOf(old: string, text: string): { from: number; to: number; insert: string } {
  let from = 0
  while (from < old.length && from < text.length && old[from] === text[from]) from++
  let end = 0
  const most = Math.min(old.length, text.length) - from
  while (end < most && old[old.length - 1 - end] === text[text.length - 1 - end]) end++
  return { from, to: old.length - end, insert: text.slice(from, text.length - end) }
}

function diagnosticOf(doc: Text, { line, column, message, hint, fix }: SpecFinding): Diagnostic {
  const { from, to, text } = doc.line(Math.min(line!, doc.lines))
  const start = Math.min(to, from + column! - 1)
  const [word = ''] = /^(["'].*?["']|[^\s,{}[\]]*)/.exec(text.slice(start - from)) ?? []
  return {
    from: start,
    to: Math.min(to, start + Math.max(1, word.length)),
    severity: 'error',
    message: mistakeText(message, hint),
    // What was typed since may have moved the mistake.
    actions:
      fix === undefined
        ? []
        : [
            {
              name: 'Apply fix',
              apply: (view, at) =>
                view.dispatch({ changes: { from: fix.from + at - start, to: fix.to + at - start, insert: fix.text } }),
            },
          ],
  }
}

const style = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--good)' },
  { tag: [tags.lineComment, tags.comment], color: 'var(--faint)', fontStyle: 'italic' },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: 'var(--faint)' },
])

const theme = EditorView.theme({
  '&': { fontSize: '13px', color: 'var(--ink)', backgroundColor: 'var(--paper)', maxHeight: '70vh' },
  '&.cm-focused': { outline: '3px solid var(--focus)' },
  '.cm-scroller': {
    fontFamily: 'ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace',
    lineHeight: '20px',
    minHeight: '300px',
  },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--raised)', color: 'var(--faint)', border: '0' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 30%, transparent)',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--raised)',
    color: 'var(--ink)',
    border: '1px solid var(--line)',
    maxWidth: 'min(480px, 90vw)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--on-accent)' },
  '.cm-diagnosticAction': { backgroundColor: 'var(--accent)', color: 'var(--on-accent)' },
})

const extensions = [
  lineNumbers(),
  lintGutter(),
  history(),
  drawSelection(),
  EditorState.tabSize.of(2),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  yaml(),
  syntaxHighlighting(style),
  theme,
  autocompletion({
    icons: false,
    override: [
      (context) => {
        const { state, pos, explicit } = context
        const found = suggestionsAt(state.doc.toString(), pos)
        // While nothing is typed, the list opens behind a colon, and on request.
        return explicit || found?.from !== pos || context.matchBefore(/[:{,[] +/) !== null ? found : null
      },
    ],
  }),
  // If a reader types over several selected lines, Chromium copies the style of the first one into an inline style,
  // which the content security policy forbids.
  EditorView.domEventHandlers({
    beforeinput: (event, view) => {
      // The state of the editor learns of a new selection only later.
      const { anchorNode, anchorOffset, focusNode, focusOffset } = (view.root as Document).getSelection?.() ?? {}
      if (event.inputType !== 'insertText' || event.data === null || !anchorNode || !focusNode) return false
      const ends = [view.posAtDOM(anchorNode, anchorOffset), view.posAtDOM(focusNode, focusOffset)]
      const [from, to] = [Math.min(...ends), Math.max(...ends)]
      if (!view.state.sliceDoc(from, to).includes('\n')) return false
      const anchor = from + event.data.length
      view.dispatch({ changes: { from, to, insert: event.data }, selection: { anchor }, userEvent: 'input.type' })
      return true
    },
  }),
  // Tab moves to the next field, as everywhere; Ctrl-] indents.
  keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap]),
  EditorView.contentAttributes.of({ 'aria-label': 'Spec text', tabindex: '0' }),
]
