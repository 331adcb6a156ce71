/** Who carries a plan out, and from where. */
export interface Actor {
  readonly user: string
  readonly host: string
  readonly pid: number
}
