import type { ReactNode } from 'react'
import { Sparkline } from './sparkline'

interface StatCardProps {
  label: string
  value: string | undefined
  note?: ReactNode
  points: number[]
  tone: 'c1' | 'c3' | 'c4'
  testId: string
}

/** One figure with its last five minutes. */
export function StatCard({ label, value, note, points, tone, testId }: StatCardProps) {
  return (
    <section className="card stat" aria-label={label}>
      <h2 className="stat-label">{label}</h2>
      <p className="stat-line">
        {value === undefined ? <span className="skeleton skeleton-figure" /> : <span className="stat-value num" data-testid={testId}>{value}</span>}
        <span className="stat-note">{note}</span>
      </p>
      <Sparkline points={points} tone={tone} />
    </section>
  )
}
