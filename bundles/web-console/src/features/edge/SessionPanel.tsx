import { ArrowRight, Trash2, Unplug } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import { ApiError } from '../../api/client'
import { useClient, useSession } from '../../api/queries'
import { bytes, duration, exact, number, t } from '../../i18n'
import { Ago, Button, Pill } from '../../ui/basics'
import { Sparkline } from '../../ui/sparkline'
import { Failure, Skeleton } from '../../ui/states'
import { DisconnectClient } from './DisconnectClient'
import { EndSession } from './EndSession'

const NEVER = 4294967295

/** How many messages waited in the last hour; nothing if none ever did. */
function QueueLine({ queued }: { queued: number[] }) {
  const most = Math.max(0, ...queued)
  if (queued.length < 2 || most === 0) return null
  return (
    <figure className="queue-line" data-testid="session-queue-line">
      <Sparkline points={queued} length={queued.length} tone="c1" />
      <figcaption className="muted small">{t('session.queueHour', { n: number(most) })}</figcaption>
    </figure>
  )
}

/** What waits for a client, and how its session can be ended: only that drops what waits. */
export function SessionPanel({ clientId, canOperate }: { clientId: string; canOperate: boolean }) {
  const session = useSession(clientId, true)
  const client = useClient(clientId)
  const [disconnecting, setDisconnecting] = useState(false)
  const [ending, setEnding] = useState(false)
  const data = session.data
  const gone = session.error instanceof ApiError && session.error.status === 404
  return (
    <section className="session-panel" aria-label={t('client.session')} data-testid="session-panel">
      <div className="row between">
        <h3 className="dialog-section">{t('client.session')}</h3>
        {data && <Pill tone={data.online ? 'ok' : 'neutral'} dot>{data.online ? t('client.online') : t('client.offline')}</Pill>}
      </div>
      {data ? (
        <>
          <dl className="facts-grid">
            <div>
              <dt>{t('client.queued')}</dt>
              <dd className="num">{data.queued === 0 ? '0' : `${number(data.queued)} · ${bytes(data.queuedBytes)}`}</dd>
            </div>
            <div>
              <dt>{t('client.subscriptions')}</dt>
              <dd className="num">{number(data.subscriptions)}</dd>
            </div>
            <div>
              <dt>{t('session.created')}</dt>
              <dd>
                <Ago time={data.createdAt} />
              </dd>
            </div>
            <div>
              <dt>{t('session.ends')}</dt>
              <dd title={data.expiresAt ? exact(data.expiresAt) : undefined}>
                {data.expiresAt ? exact(data.expiresAt) : data.sessionExpirySeconds >= NEVER ? t('never') : data.sessionExpirySeconds === 0 ? t('session.withConnection') : t('session.later', { time: duration(data.sessionExpirySeconds * 1000) })}
              </dd>
            </div>
          </dl>
          <QueueLine queued={client.data?.traffic?.queued ?? []} />
          <div className="row session-actions">
            {canOperate && data.online && (
              <Button icon={<Unplug size={16} aria-hidden />} onClick={() => setDisconnecting(true)} data-testid="session-disconnect">
                {t('client.disconnect')}
              </Button>
            )}
            {canOperate && (
              <Button className="btn-warns" icon={<Trash2 size={16} aria-hidden />} onClick={() => setEnding(true)} data-testid="session-end">
                {t('client.end')}
              </Button>
            )}
            {canOperate && <span className="muted small">{t('session.drops')}</span>}
          </div>
          <Link href={`/edge?client=${encodeURIComponent(clientId)}`} className="link">
            {t('client.details')} <ArrowRight size={14} aria-hidden />
          </Link>
        </>
      ) : gone ? (
        <p className="sub small">{t('session.gone')}</p>
      ) : session.isError ? (
        <Failure error={session.error} retry={session.refetch} />
      ) : (
        <Skeleton lines={3} />
      )}
      <DisconnectClient clientId={disconnecting ? clientId : undefined} onClose={() => setDisconnecting(false)} />
      <EndSession clientId={ending ? clientId : undefined} onClose={() => setEnding(false)} />
    </section>
  )
}
