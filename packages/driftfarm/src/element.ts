// Types of the module `driftfarm/element`. Its code is element.js of the page, which packages/dashboard builds. The
// global interfaces are merged with those of a page, and are declared for code without the library `dom`.
declare global {
  interface HTMLElement {}
  interface HTMLElementTagNameMap {
    'drift-farm': DriftFarmElement
  }
}

/** The element `drift-farm`, which loading the module defines. */
export interface DriftFarmElement extends HTMLElement {
  /** A document, as commands print it with `--json`; null shows nothing. */
  document: unknown
  /** The address of a document, on the origin of the page. */
  src: string
}
export declare const DriftFarmElement: { new (): DriftFarmElement }

/** A widget of anywidget. It shows the trait `document` of its model. Returns what to call when the view is removed. */
declare const widget: { render(view: { readonly model: object; readonly el: HTMLElement }): () => void }
export default widget
