import { CircleCheck, Plug, Repeat2, ShieldX, Unplug } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Schemas } from '../../api/client'
import { useRejections } from '../../api/queries'
import { duration, exact, moment, number, t, tn } from '../../i18n'
import { hex, reasonCodeText } from '../../i18n/mqtt'
import { classes } from '../../ui/basics'
import { MEANT } from './Ending'
import { rejectionText } from './rejection'

type Connection = Schemas['Connection']
type Rejection = Schemas['Rejection']

interface Happening {
  key: string
  at: string
  tone: 'ok' | 'warn' | 'err' | 'info' | 'neutral'
  icon: ReactNode
  what: ReactNode
  more: ReactNode
}

/** A Reason Code as the specification writes it, with its name; on hover what the server says. */
function Code({ code, said }: { code: number; said: string | null }) {
  return (
    <span title={said ?? undefined}>
      <span className="mono">{hex(code)}</span> {reasonCodeText(code, said)}
    </span>
  )
}

function beginning(connection: Connection): Happening {
  const { id, connectedAt, address, protocol, transport, listener, sessionPresent } = connection
  const encrypted = transport === 'tls' || transport === 'wss'
  return {
    key: `${id}/begin`,
    at: connectedAt,
    tone: 'ok',
    icon: <CircleCheck size={14} aria-hidden />,
    what: (
      <>
        <strong>{t('history.connected')}</strong> {t('history.from')} <span className="mono">{address}</span>
        {sessionPresent && `, ${t('history.resumed')}`}
      </>
    ),
    more: (
      <>
        MQTT {protocol} · {encrypted ? 'TLS' : t('edge.plain')} · <span className="mono">{listener}</span>
      </>
    ),
  }
}

function ending(connection: Connection): Happening[] {
  const { id, disconnectedAt, cause, by, reasonCode, reason, durationSeconds, messagesIn, messagesOut } = connection
  if (disconnectedAt === null || cause === null) return []
  return [
    {
      key: `${id}/end`,
      at: disconnectedAt,
      tone: cause === 'TAKEN_OVER' ? 'info' : MEANT.has(cause) ? 'neutral' : 'warn',
      icon: cause === 'TAKEN_OVER' ? <Repeat2 size={14} aria-hidden /> : <Unplug size={14} aria-hidden />,
      what: (
        <>
          <strong>{t(`history.cause.${cause}`)}</strong>
          {by !== null && ` · ${by}`}
        </>
      ),
      more: (
        <>
          {reasonCode !== null && <Code code={reasonCode} said={reason} />} · {t('history.after', { time: duration(durationSeconds * 1000) })}
          {messagesIn !== null && messagesOut !== null && ` · ${t('history.carried', { in: number(messagesIn), out: number(messagesOut) })}`}
        </>
      ),
    },
  ]
}

function refusal(rejection: Rejection): Happening {
  return {
    key: `refused/${rejection.id}`,
    at: rejection.at,
    tone: 'err',
    icon: <ShieldX size={14} aria-hidden />,
    what: (
      <>
        <strong>{tn('history.refused', rejection.count)}</strong> {t(`rejected.${rejection.cause}`)}
      </>
    ),
    more: (
      <>
        <Code code={rejection.reasonCode} said={null} /> · {rejectionText(rejection)}
      </>
    ),
  }
}

/**
 * What happened to a client, the latest first: each line says what, and below it the Reason Code and what goes with it. With the refusals that its
 * Client ID had.
 */
export function ConnectionTimeline({ clientId, connections, shown }: { clientId: string; connections: Connection[]; shown: number }) {
  const rejections = useRejections({ q: clientId })
  const refused = (rejections.data?.pages[0]?.items ?? []).filter((each) => each.clientId === clientId)
  const all = [...connections.flatMap((each) => [...ending(each), beginning(each)]), ...refused.map(refusal)].sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
  return (
    <ol className="timeline" data-testid="client-timeline">
      {all.slice(0, shown).map(({ key, at, tone, icon, what, more }) => (
        <li key={key}>
          <time className="num" dateTime={at} title={exact(at)}>
            {moment(at)}
          </time>
          <span className={classes('timeline-mark', `pill-${tone}`)}>{icon}</span>
          <span className="timeline-text">
            <span>{what}</span>
            <span className="sub small">{more}</span>
          </span>
        </li>
      ))}
      {all.length === 0 && (
        <li>
          <span />
          <span className="timeline-mark pill-neutral">
            <Plug size={14} aria-hidden />
          </span>
          <span className="timeline-text sub">{t('history.empty.title')}</span>
        </li>
      )}
    </ol>
  )
}
