/** Makes an HTML element. Strings become text, so a document cannot add HTML. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<HTMLElementTagNameMap[Name]> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = Object.assign(document.createElement(name), properties)
  made.append(...children)
  return made
}

/** Text in which words between backticks become code. */
export const marked = (text: string): (Node | string)[] =>
  text.split('`').map((part, at) => (at % 2 === 0 ? part : make('code', {}, part)))

/** A table or a text that scrolls if it is wider than the element. */
export const scrolled = (child: Node, label: string): HTMLElement =>
  make('div', { className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: label }, child)
