import { CloudOff, RefreshCw, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { t } from '../i18n'
import { Button } from './basics'

interface EmptyProps {
  icon: ReactNode
  title: string
  children?: ReactNode
  actions?: ReactNode
  testId?: string
  /** h1 where it is the whole page. */
  heading?: 'h1' | 'h2'
}

/** What to do when there is nothing yet. */
export function Empty({ icon, title, children, actions, testId, heading: Heading = 'h2' }: EmptyProps) {
  return (
    <div className="empty" data-testid={testId}>
      <div className="empty-icon" aria-hidden>
        {icon}
      </div>
      <Heading className="empty-title">{title}</Heading>
      {children && <p>{children}</p>}
      {actions && <div className="row">{actions}</div>}
    </div>
  )
}

/** Something could not be loaded: why, and try again. */
export function Failure({ error, retry, heading: Heading = 'h2' }: { error: Error; retry?: () => unknown; heading?: 'h1' | 'h2' }) {
  const offline = error.name === 'offline'
  return (
    <div className="empty" role="alert" data-testid="failure">
      <div className="empty-icon empty-icon-err" aria-hidden>
        {offline ? <CloudOff size={22} /> : <TriangleAlert size={22} />}
      </div>
      <Heading className="empty-title">{offline ? t('error.offline.title') : t('error.title')}</Heading>
      <p>{offline ? t('error.offline.text') : error.message}</p>
      {retry && (
        <Button icon={<RefreshCw size={16} aria-hidden />} onClick={() => retry()}>
          {t('retry')}
        </Button>
      )}
    </div>
  )
}

export function TableSkeleton({ rows, columns }: { rows: number; columns: number }) {
  return (
    <div className="skeleton-table" role="status" aria-label={t('loading')}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="skeleton-row">
          {Array.from({ length: columns }, (_, column) => (
            <span key={column} className="skeleton" />
          ))}
        </div>
      ))}
    </div>
  )
}

export function Skeleton({ lines = 3 }: { lines?: number }) {
  return (
    <div className="skeleton-block" role="status" aria-label={t('loading')}>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className="skeleton" />
      ))}
    </div>
  )
}
