import { api, clientPath, unwrap } from '../../api/client'
import { keys, useChange, useSession } from '../../api/queries'
import { bytes, t, tn } from '../../i18n'
import { Confirm } from '../../ui/overlays'
import { Failure, Skeleton } from '../../ui/states'
import { toast } from '../../ui/toast'

interface Props {
  /** Whose session; undefined: nothing is asked. */
  clientId: string | undefined
  onClose: () => void
}

/** Asks before a session is ended, and says what is lost with it. */
export function EndSession({ clientId, onClose }: Props) {
  const end = useChange(
    (id: string) => unwrap(api.DELETE('/sessions/{clientId}', { params: { path: { clientId: clientPath(id) } } })),
    keys.clients,
    keys.credentials,
  )
  // Not looked for again while it ends: then there is none.
  const session = useSession(clientId, !end.isPending && !end.isSuccess)
  const data = session.data
  return (
    <Confirm
      open={clientId !== undefined}
      onClose={() => {
        end.reset()
        onClose()
      }}
      title={t('client.end.title', { id: clientId ?? '' })}
      action={t('client.end')}
      danger
      run={async () => {
        await end.mutateAsync(clientId!)
        toast({ kind: 'ok', text: t('client.ended', { id: clientId! }) })
      }}
      testId="confirm-end-session"
    >
      {data ? (
        <>
          <p data-testid="session-loss">
            <strong>
              {data.queued === 0 ? t('client.end.noMessages') : tn('client.end.messages', data.queued, { size: bytes(data.queuedBytes) })}{' '}
              {tn('client.end.subscriptions', data.subscriptions)}
            </strong>
          </p>
          <p>{data.online ? t('client.end.online') : t('client.end.offline')}</p>
        </>
      ) : session.isError ? (
        <Failure error={session.error} />
      ) : (
        <Skeleton lines={2} />
      )}
    </Confirm>
  )
}
