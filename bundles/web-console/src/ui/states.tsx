import { CloudOff, RefreshCw, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { t } from '../i18n'
import { Button } from './basics'

/** What to do when there is nothing yet. */
export function Empty({ icon, title, children, actions, testId }: { icon: ReactNode; title: string; children?: ReactNode; actions?: ReactNode; testId?: string }) {
  return (
    <div className="empty" data-testid={testId}>
      <div className="empty-icon" aria-hidden>
        {icon}
      </div>
      <h3>{title}</h3>
      {children && <p>{children}</p>}
      {actions && <div className="row">{actions}</div>}
    </div>
  )
}

/** Something could not be loaded: why, and try again. */
export function Failure({ error, retry }: { error: Error; retry?: () => unknown }) {
  const offline = error.name === 'offline'
  return (
    <div className="empty" role="alert" data-testid="failure">
      <div className="empty-icon empty-icon-err" aria-hidden>
        {offline ? <CloudOff size={22} /> : <TriangleAlert size={22} />}
      </div>
      <h3>{offline ? t('error.offline.title') : t('error.title')}</h3>
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
