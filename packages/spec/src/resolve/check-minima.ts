import type { ResolvedLandscape } from './landscape.ts'
import type { Scope } from './scope.ts'
export function checkMinima(_scope: Scope, _resolved: ResolvedLandscape): void {}
