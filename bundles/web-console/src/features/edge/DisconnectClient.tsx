import { api, clientPath, unwrap } from '../../api/client'
import { keys, useChange } from '../../api/queries'
import { t } from '../../i18n'
import { Confirm } from '../../ui/overlays'
import { toast } from '../../ui/toast'

/** Asks before a client is disconnected; its session and what waits for it stay. */
export function DisconnectClient({ clientId, onClose }: { clientId: string | undefined; onClose: () => void }) {
  const disconnect = useChange((id: string) => unwrap(api.DELETE('/clients/{clientId}', { params: { path: { clientId: clientPath(id) } } })), keys.clients)
  return (
    <Confirm
      open={clientId !== undefined}
      onClose={onClose}
      title={t('client.disconnect.title', { id: clientId ?? '' })}
      action={t('client.disconnect')}
      danger
      run={async () => {
        await disconnect.mutateAsync(clientId!)
        toast({ kind: 'ok', text: t('client.disconnected', { id: clientId! }) })
      }}
    >
      {t('client.disconnect.text')}
    </Confirm>
  )
}
