import DefaultTheme from 'vitepress/theme'
import { LiveFigure } from './liveFigure.ts'
import './site.css'

export default { ...DefaultTheme, enhanceApp: ({ app }) => app.component('LiveFigure', LiveFigure) }
