import { contentOf, failureOf } from './content.ts'
import { fetchedDocument } from './fetchedDocument.ts'
import { drawFigures } from './figurePlace.ts'
import { make } from './make.ts'
import { styleSheet } from './styleSheet.ts'

declare global {
  interface HTMLElementTagNameMap {
    'drift-farm': DriftFarmElement
  }
}

/**
 * Shows a figure, a report or a table, from a document that a command prints with `--json` or that a farm sends: the
 * one at the address in the attribute `src`, or the one in the property `document`. The colours follow the
 * `color-scheme` of the page, unless the attribute `theme` is `light` or `dark`.
 */
export class DriftFarmElement extends HTMLElement {
  static readonly observedAttributes = ['src']
  readonly #content = make('div', { className: 'content' })
  readonly #resized = new ResizeObserver(() => this.#draw())
  #document: unknown = null
  #reading = new AbortController()
  #drawnWidth = 0

  constructor() {
    super()
    const shadow = this.attachShadow({ mode: 'open' })
    shadow.adoptedStyleSheets = [styleSheet]
    shadow.append(this.#content)
  }

  get document(): unknown {
    return this.#document
  }

  set document(document: unknown) {
    this.#document = document
    void this.#show(async () => document)
  }

  get src(): string {
    return this.getAttribute('src') ?? ''
  }

  set src(src: string) {
    this.setAttribute('src', src)
  }

  connectedCallback(): void {
    this.#resized.observe(this)
    // A page may set the property before this module is loaded. It then hides the setter.
    if (!Object.hasOwn(this, 'document')) return
    const { document } = this
    Reflect.deleteProperty(this, 'document')
    this.document = document
  }

  disconnectedCallback(): void {
    this.#resized.disconnect()
  }

  attributeChangedCallback(): void {
    const { src } = this
    if (src === '') this.document = null
    else void this.#show((signal) => fetchedDocument(src, signal))
  }

  async #show(read: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    this.#reading.abort()
    this.#reading = new AbortController()
    const { signal } = this.#reading
    this.#content.ariaBusy = 'true'
    const nodes = await read(signal).then(contentOf).catch(failureOf)
    // Another document was requested in the meantime.
    if (signal.aborted) return
    this.#content.replaceChildren(...nodes)
    this.#drawnWidth = 0
    this.#draw()
    this.#content.ariaBusy = 'false'
  }

  #draw(): void {
    // Rounded, so that figures are not drawn again at every pixel while a window is resized.
    const width = Math.max(240, Math.min(1200, Math.floor(this.clientWidth / 20) * 20))
    if (width === this.#drawnWidth || this.clientWidth === 0) return
    this.#drawnWidth = width
    drawFigures(this.#content, width)
  }
}
