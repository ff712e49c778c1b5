import type { Schemas } from '../../api/client'
import { t } from '../../i18n'
import { hex, reasonCodeText } from '../../i18n/mqtt'
import { Pill } from '../../ui/basics'

type Cause = Schemas['DisconnectCause']

export const CAUSES = ['CLIENT', 'CONNECTION_LOST', 'KEEP_ALIVE_TIMEOUT', 'TAKEN_OVER', 'PROTOCOL_ERROR', 'LIMIT', 'ADMINISTRATOR', 'SERVER_STOPPING'] as const satisfies Cause[]
/** Ends that somebody meant; the others are worth a look. */
export const MEANT = new Set<Cause>(['CLIENT', 'ADMINISTRATOR', 'SERVER_STOPPING'])

/** Why a connection ended, or that it lasts. */
export function Ending({ connection: { cause, reason, reasonCode, by } }: { connection: Pick<Schemas['Connection'], 'cause' | 'reason' | 'reasonCode' | 'by'> }) {
  if (cause === null) {
    return (
      <Pill tone="ok" dot>
        {t('history.state.OPEN')}
      </Pill>
    )
  }
  return (
    <Pill tone={MEANT.has(cause) ? 'neutral' : 'warn'} title={reasonCode === null ? undefined : `${hex(reasonCode)} ${reasonCodeText(reasonCode, reason)}`}>
      {t(`history.cause.${cause}`)}
      {by !== null && ` · ${by}`}
    </Pill>
  )
}
