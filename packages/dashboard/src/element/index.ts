// The custom element `drift-farm` and, as default export, a widget for notebooks. The build makes one file of it,
// element.js, which pages load as a module.
import '../compute/noEval.ts'
import { DriftFarmElement } from './driftFarmElement.ts'
import { widget } from './widget.ts'

export { DriftFarmElement }
export default widget

// A notebook loads the module once for each widget.
if (customElements.get('drift-farm') === undefined) customElements.define('drift-farm', DriftFarmElement)
