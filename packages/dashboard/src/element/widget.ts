/** The part of an anywidget model that is used: the trait `document`, and its changes. */
interface Model {
  get(name: 'document'): unknown
  on(event: 'change:document', call: () => void): void
  off(event: 'change:document', call: () => void): void
}

/** The widget of anywidget: shows the trait `document` in a cell of a notebook. */
export const widget = {
  render({ model, el }: { readonly model: Model; readonly el: HTMLElement }): () => void {
    const shown = document.createElement('drift-farm')
    // JupyterLab does not set `color-scheme`.
    if (document.body.dataset.jpThemeLight === 'false') shown.setAttribute('theme', 'dark')
    const update = () => {
      shown.document = model.get('document')
    }
    model.on('change:document', update)
    update()
    el.append(shown)
    return () => model.off('change:document', update)
  },
}
