import { CircleCheck, Download, RefreshCw, ShieldX, TriangleAlert } from 'lucide-react'
import { useEffect, useState } from 'react'
import { download, type Schemas } from '../../api/client'
import { useBroker, useClients, useCredential, useRejections } from '../../api/queries'
import { t, tx } from '../../i18n'
import { Button, Note, saveFile } from '../../ui/basics'
import { CopyButton } from '../../ui/iconbutton'
import { Menu } from '../../ui/menu'
import { Dialog } from '../../ui/overlays'
import { toast } from '../../ui/toast'
import { describeAccess, exampleFilter } from './access'
import { Remedies } from './RejectedTab'
import { rejectionText } from './rejection'
import { AUTHORITIES, connectionTo, endpointFor } from './snippets'
import { Reach } from './Reach'
import { Snippets } from './Snippets'

type ConfigKind = Schemas['ClientConfigRequest']['for']

const FALLBACK_NAMES: Record<ConfigKind, string> = { env: 'busbar.env', mqttx: 'mqttx.json', nodered: 'node-red.json', mosquitto: 'mosquitto.txt' }

/**
 * The one moment in which the password is on screen. It lives in this component's properties only: closing forgets it. Escape and a click
 * beside the dialog do nothing, so that nobody loses it by accident. All the rest is shown as it is now, not as it was when the password
 * was made: somebody may have changed the Client ID or the rights meanwhile.
 *
 * @param reset whether the credential was there before and only got a new password
 */
export function SecretDialog({ secret, reset, onClose }: { secret: Schemas['CredentialSecret']; reset: boolean; onClose: () => void }) {
  const { password } = secret
  const credential = useCredential(secret.credential.id).data ?? secret.credential
  const broker = useBroker()
  const endpoint = endpointFor(broker.data?.endpoints ?? [], 'mqtt', 'mqtts')
  const authorities = endpoint?.authorities
  const fields = [
    { name: t('clientId'), value: credential.clientId, testId: 'secret-client-id' },
    { name: t('username'), value: credential.username, testId: 'secret-username' },
    { name: t('password'), value: password, testId: 'secret-password' },
  ]
  const all = fields.map(({ name, value }) => `${name}: ${value}`).join('\n')
  const filter = exampleFilter(credential)
  const save = (kind: ConfigKind) => {
    download(`/credentials/${encodeURIComponent(credential.id)}/client-config`, { for: kind, password } satisfies Schemas['ClientConfigRequest']).then(
      (file) => saveFile(file.name || FALLBACK_NAMES[kind], file.text, file.type),
      (error: Error) => toast({ kind: 'error', text: t('download.failed', { reason: error.message }) }),
    )
  }
  return (
    <Dialog
      open
      sticky
      onClose={onClose}
      size="l"
      testId="secret-dialog"
      title={t(reset ? 'secret.resetTitle' : 'secret.title')}
      description={`${credential.description} · ${describeAccess(credential.acl)}`}
      footer={
        <>
          <Button icon={<Download size={16} aria-hidden />} onClick={() => save('env')} data-testid="download-env">
            {t('download.env')}
          </Button>
          <Menu
            label={t('download.more')}
            testId="download-menu"
            align="start"
            side="top"
            trigger={<Button>{t('download.more')}</Button>}
            items={[
              { label: t('download.mqttx'), onSelect: () => save('mqttx'), testId: 'download-mqttx' },
              { label: t('download.nodered'), onSelect: () => save('nodered'), testId: 'download-nodered' },
              { label: t('download.mosquitto'), onSelect: () => save('mosquitto'), testId: 'download-mosquitto' },
              ...(authorities ? [{ label: t('download.authorities'), onSelect: () => saveFile(AUTHORITIES, authorities, 'application/x-pem-file'), testId: 'download-authorities' }] : []),
            ]}
          />
          <span className="grow" />
          <Button variant="primary" onClick={onClose} data-testid="secret-done">
            {t('secret.done')}
          </Button>
        </>
      }
    >
      <Note tone="warn" icon={<TriangleAlert size={17} aria-hidden />}>
        {tx('secret.warning', { never: <strong key="never">{t('secret.never')}</strong> })}
      </Note>
      <dl className="secret">
        {fields.map(({ name, value, testId }) => (
          <div key={testId}>
            <dt>{name}</dt>
            <dd>
              <span className="mono strong" data-testid={testId}>
                {value}
              </span>
              <CopyButton text={value} label={t('copy.what', { what: name })} testId={`copy-${testId}`} />
            </dd>
          </div>
        ))}
      </dl>
      {credential.mayEverything && (
        <p className="field-hint" data-testid="secret-may-everything">
          {t('secret.mayEverything')}
        </p>
      )}
      {credential.otherClientIds.length > 0 && (
        <p className="field-hint" data-testid="secret-other-client-ids">
          {t('secret.otherClientIds')} <code className="mono">{credential.otherClientIds.join(', ')}</code>
        </p>
      )}
      <div className="row between">
        <span className="field-hint">
          {endpoint ? endpoint.url : ''} <Reach endpoint={endpoint} />
        </span>
        <CopyAll text={endpoint ? `${t('server')}: ${endpoint.url}\n${all}` : all} />
      </div>
      <Snippets to={connectionTo(endpoint, { clientId: credential.clientId, username: credential.username, password, filter })} />
      <FirstConnection credential={credential} />
    </Dialog>
  )
}

function CopyAll({ text }: { text: string }) {
  return <CopyButton wide text={text} label={t('copy.all')} testId="copy-all" />
}

/** Waits for the first connection with these credentials; turns green when it comes, or names the refusal and offers the remedy. */
function FirstConnection({ credential }: { credential: Schemas['Credential'] }) {
  const [since] = useState(() => Date.now())
  const [seen, setSeen] = useState(false)
  const current = useCredential(credential.id)
  const clients = useClients({ credentialId: credential.id, state: 'ONLINE' })
  const rejections = useRejections({ credentialId: credential.id })
  const client = clients.data?.pages[0]?.items[0]
  const connected = (current.data?.connected ?? 0) > 0 || client !== undefined
  useEffect(() => {
    if (connected) setSeen(true)
  }, [connected])
  // The server's clock may differ from this one by a little: a minute is allowed.
  const refused = rejections.data?.pages[0]?.items.find((rejection) => rejection.kind === 'CONNECT' && new Date(rejection.at).getTime() > Math.min(since - 60_000, new Date(credential.updatedAt).getTime() - 1_000))
  if (seen) {
    return (
      <Note tone="ok" live icon={<CircleCheck size={17} aria-hidden />} testId="first-connection-ok">
        {client
          ? tx('first.connected', {
              address: <span key="a" className="mono strong">{client.address ?? client.clientId}</span>,
              protocol: `MQTT ${client.protocol}`,
            })
          : t('first.connectedOnce')}
      </Note>
    )
  }
  if (refused) {
    return (
      <Note tone="err" icon={<ShieldX size={17} aria-hidden />} testId="first-connection-refused">
        <p>{rejectionText(refused)}</p>
        <Remedies rejection={refused} />
      </Note>
    )
  }
  return (
    <Note tone="info" live icon={<RefreshCw size={16} className="spin" aria-hidden />} testId="first-connection-waiting">
      {t('first.waiting')}
    </Note>
  )
}
