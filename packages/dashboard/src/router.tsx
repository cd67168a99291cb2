import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router'
import * as z from 'zod'
import { PageNotFound, Shell, ViewFailed } from './app/Shell.tsx'
import { word } from './parts/search.ts'
import { cellSearch } from './views/cell/search.ts'
import { playSearch } from './views/play/search.ts'
import { sweepSearch } from './views/sweep/search.ts'
import { sweepsSearch } from './views/sweeps/listed.ts'
import { SweepsView } from './views/sweeps/SweepsView.tsx'

const root = createRootRoute({ component: Shell, notFoundComponent: PageNotFound })

const under = <const Path extends string>(path: Path) => ({ getParentRoute: () => root, path })

export const sweepsRoute = createRoute({
  ...under('/'),
  validateSearch: sweepsSearch,
  component: SweepsView,
})

export const sweepRoute = createRoute({
  ...under('/sweeps/$ref'),
  validateSearch: sweepSearch,
  component: lazyRouteComponent(() => import('./views/sweep/SweepView.tsx'), 'SweepView'),
})

export const cellRoute = createRoute({
  ...under('/sweeps/$ref/cells/$cell'),
  validateSearch: cellSearch,
  component: lazyRouteComponent(() => import('./views/cell/CellView.tsx'), 'CellView'),
})

export const farmRoute = createRoute({
  ...under('/farm'),
  component: lazyRouteComponent(() => import('./views/farm/FarmView.tsx'), 'FarmView'),
})

export const newRoute = createRoute({
  ...under('/new'),
  // The sweep whose spec is copied.
  validateSearch: z.object({ from: word }),
  component: lazyRouteComponent(() => import('./views/create/CreateView.tsx'), 'CreateView'),
})

export const playRoute = createRoute({
  ...under('/play'),
  validateSearch: playSearch,
  component: lazyRouteComponent(() => import('./views/play/PlayView.tsx'), 'PlayView'),
})

/** The address of a view follows `#`, so that the page works under any path and when it is opened from a file. */
export const router = createRouter({
  routeTree: root.addChildren([sweepsRoute, sweepRoute, cellRoute, farmRoute, newRoute, playRoute]),
  history: createHashHistory(),
  defaultErrorComponent: ViewFailed,
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
