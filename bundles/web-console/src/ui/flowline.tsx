import { classes } from './basics'
import { bars, type Interval } from './presence'

export interface Flow {
  stepSeconds: number
  /** When the last point was taken. */
  at: string
  /** Per second, the oldest first; null where there was nothing to measure. */
  in: (number | null)[]
  out: (number | null)[]
}

const WIDTH = 1000
const HEIGHT = 100
/** A line at the edge is not cut in half. */
const MARGIN = 6

/** The pieces of a line through points on a bar of a width of 1000 that ends now, between which nothing was measured. */
export function lines(points: (number | null)[], top: number, at: number, stepMillis: number, now: number, spanMillis: number): string[] {
  const pieces: string[][] = [[]]
  points.forEach((value, index) => {
    const time = at - (points.length - 1 - index) * stepMillis
    const x = ((time - (now - spanMillis)) / spanMillis) * WIDTH
    if (value === null || x < 0) pieces.push([])
    else pieces.at(-1)!.push(`${Math.min(x, WIDTH).toFixed(1)},${(HEIGHT - MARGIN - (value / top) * (HEIGHT - 2 * MARGIN)).toFixed(1)}`)
  })
  return pieces.filter((piece) => piece.length > 0).map((piece) => (piece.length === 1 ? [piece[0]!, piece[0]!] : piece).join(' '))
}

/** What flowed in and out over time, on grey where nobody was connected. */
export function FlowLine({ flow, presence, now, spanMillis, label }: { flow: Flow; presence: Interval[]; now: number; spanMillis: number; label: string }) {
  const at = Date.parse(flow.at)
  const top = Math.max(1, ...[...flow.in, ...flow.out].map((value) => value ?? 0))
  const draw = (points: (number | null)[], tone: string) =>
    lines(points, top, at, flow.stepSeconds * 1000, now, spanMillis).map((piece, index) => <polyline key={index} className={classes('flow-line', tone)} points={piece} />)
  return (
    <svg className="flow" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <title>{label}</title>
      {bars(presence, now, spanMillis).map(([left, width], index) => (
        <rect key={index} x={left} width={width} y={0} height={HEIGHT} />
      ))}
      {draw(flow.out, 'flow-out')}
      {draw(flow.in, 'flow-in')}
    </svg>
  )
}
