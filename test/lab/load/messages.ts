import type { LoadReport, LoadSpec, Window } from './spec.js'

/** The first message to a load process. */
export interface LoadTask {
  readonly labDir: string
  readonly spec: LoadSpec
}

/** Later messages to it; the window is the whole run unless given. */
export interface ToLoad {
  readonly type: 'report' | 'stop'
  readonly id: number
  readonly window?: Window
}

/** What it says. */
export type FromLoad =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'report'; readonly id: number; readonly report: LoadReport }
