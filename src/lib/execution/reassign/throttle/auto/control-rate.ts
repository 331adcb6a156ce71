/** Between which rates a throttle may follow the cluster, in bytes per second for each broker and direction. */
export interface RateBounds {
  readonly min: number
  readonly max: number
}

/** What was seen in one interval. */
export interface RateReading {
  /** Bytes per second that the tightest broker of the moves has left beside its clients; null where no limit is known. */
  readonly spare: number | null
  /** What hurts, in a few words; null for nothing. */
  readonly pain: string | null
}

/** Where the control stands. */
export interface RateState {
  readonly rate: number
  /** Intervals without pain since the last change for the worse. */
  readonly calm: number
  /** The rate at which it hurt last; null while it never did. */
  readonly hurtAt: number | null
}

/** The next state, and why its rate is another one; null when it stays. */
export interface RateDecision {
  readonly state: RateState
  readonly why: string | null
}

/** Of what is left, so much is taken: measurements are means, clients come in bursts, and queues grow before a link is full. */
const SHARE_OF_SPARE = 0.7
/** Pain takes the rate down by this factor at once. */
const CUT = 0.8
/** Before the first pain nothing is known of the limit: it is looked for in strides. */
const STRIDE = 1.5
/** After it the rate comes back by this share of where it hurt, in each calm interval. */
const STEP = 0.05
/** Intervals to wait after a cut: what hurt needs a moment to pass. */
const REST = 2
/** Smaller changes are not worth a config change on every broker. */
const WORTH_IT = 0.05

const clamp = (rate: number, { min, max }: RateBounds): number =>
  Math.min(max, Math.max(min, Math.round(rate)))

/** What the spare capacity allows. */
const allowed = (spare: number | null, bounds: RateBounds): number =>
  spare === null ? bounds.max : clamp(spare * SHARE_OF_SPARE, bounds)

/** Where a control begins: at what is spare, or with the least while nothing is known. */
export function startRate(reading: RateReading | null, bounds: RateBounds): RateState {
  const isKnown = reading !== null && reading.spare !== null
  const rate = isKnown ? allowed(reading.spare, bounds) : bounds.min
  return { rate, calm: 0, hurtAt: null }
}

function keep(state: RateState): RateDecision {
  return { state: { ...state, calm: state.calm + 1 }, why: null }
}

/** The rate after a calm interval: in strides until it hurt for the first time, in steps after that. */
function raise(state: RateState, most: number, bounds: RateBounds): RateDecision {
  const wanted = state.hurtAt === null ? state.rate * STRIDE : state.rate + state.hurtAt * STEP
  const rate = Math.min(most, clamp(wanted, bounds))
  if (rate < state.rate * (1 + WORTH_IT / 2)) return keep(state)
  return { state: { ...state, rate, calm: state.calm + 1 }, why: 'nothing hurts and there is room' }
}

function cut(state: RateState, most: number, bounds: RateBounds, pain: string): RateDecision {
  const rate = Math.min(most, clamp(state.rate * CUT, bounds))
  const why = rate < state.rate ? pain : null
  return { state: { rate, calm: 0, hurtAt: state.rate }, why }
}

/**
 * One interval of the control: additive increase, multiplicative decrease, never above what is spare. Null is a reading
 * that failed: what is not seen is not risked, and the least is taken. Pure.
 */
export function controlRate(
  state: RateState,
  reading: RateReading | null,
  bounds: RateBounds,
): RateDecision {
  if (reading === null) {
    const why = state.rate === bounds.min ? null : 'the cluster could not be measured'
    return { state: { ...state, rate: bounds.min, calm: 0 }, why }
  }
  const { spare, pain } = reading
  const most = allowed(spare, bounds)
  const isResting = state.hurtAt !== null && state.calm < REST
  if (pain !== null && !isResting) return cut(state, most, bounds, pain)
  if (most < state.rate * (1 - WORTH_IT)) {
    const why = 'clients need more of the busiest broker'
    return { state: { ...state, rate: most, calm: 0 }, why }
  }
  if (pain !== null || isResting) return keep(state)
  return raise(state, most, bounds)
}
