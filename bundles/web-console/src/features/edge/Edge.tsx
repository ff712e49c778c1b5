import { Tabs } from '@base-ui/react/tabs'
import { ChevronDown, KeyRound, Lock, LockOpen, Plug, Plus } from 'lucide-react'
import { useId, useState } from 'react'
import { useLocation } from 'wouter'
import type { Schemas } from '../../api/client'
import { useBroker, useChannel, useStats, useStatsSeries } from '../../api/queries'
import { day, duration, number, rate, t, tx } from '../../i18n'
import { Button, classes, Pill, useNow } from '../../ui/basics'
import { CopyButton, IconButton } from '../../ui/iconbutton'
import { Dialog } from '../../ui/overlays'
import { StatCard } from '../../ui/statcard'
import { useUrlState } from '../../ui/url'
import { ClientsTab } from './ClientsTab'
import { CredentialsTab } from './CredentialsTab'
import { HistoryTab } from './HistoryTab'
import { NewCredentialsDialog } from './NewCredentials'
import { Reach } from './Reach'
import { RejectedTab } from './RejectedTab'
import { connectionTo, endpointFor } from './snippets'
import { Snippets } from './Snippets'
import { SecretDialog } from './SecretDialog'

const TABS = ['clients', 'history', 'credentials', 'rejected'] as const
type Tab = (typeof TABS)[number]

/** The broker: how to reach it, who is connected, who may connect, and who was refused. */
export default function Edge({ tab, canWrite, canOperate }: { tab: string | undefined; canWrite: boolean; canOperate: boolean }) {
  const broker = useBroker()
  const stats = useStats()
  const [, navigate] = useLocation()
  const [wantsNew, setWantsNew] = useUrlState('new')
  const [connect, setConnect] = useState(false)
  const [secret, setSecret] = useState<{ secret: Schemas['CredentialSecret']; reset: boolean }>()
  useChannel('clients')
  useChannel('credentials')
  useChannel('rejections')
  const current: Tab = TABS.find((name) => name === tab) ?? 'clients'
  const creating = new URLSearchParams(globalThis.location.search).has('new')

  const open = () => setWantsNew('credentials')
  const showReset = (made: Schemas['CredentialSecret']) => setSecret({ secret: made, reset: true })
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <div className="row">
            <h1>{t('nav.edge')}</h1>
            {broker.data && (
              <Pill tone={broker.data.state === 'RUNNING' ? 'ok' : broker.data.state === 'STARTING' ? 'warn' : 'err'} dot testId="broker-state">
                {t(`broker.${broker.data.state}`)}
              </Pill>
            )}
          </div>
          <StatusLine broker={broker.data} />
        </div>
        <div className="row page-actions">
          <Button icon={<Plug size={16} aria-hidden />} onClick={() => setConnect(true)} data-testid="connect-client">
            {t('edge.connect')}
          </Button>
          {canWrite && (
            <Button variant="primary" icon={<Plus size={16} aria-hidden />} onClick={open} data-testid="new-credentials">
              {t('credentials.new')}
            </Button>
          )}
        </div>
      </header>
      <Cards broker={broker.data} />
      <section aria-labelledby="client-list">
        <h2 id="client-list" className="section-title">
          {t('edge.clientList')}
        </h2>
        <Tabs.Root value={current} onValueChange={(next) => navigate(next === 'clients' ? '/edge' : `/edge/${next as string}`)}>
          <div className="tabs-scroll">
            <Tabs.List className="tabs" aria-label={t('edge.clientList')}>
              <Tabs.Tab value="clients" className="tab" data-testid="tab-clients">
                {t('edge.tab.clients')} {stats && <span className="count num">{number(stats.online)}</span>}
              </Tabs.Tab>
              <Tabs.Tab value="history" className="tab" data-testid="tab-history">
                {t('edge.tab.history')}
              </Tabs.Tab>
              <Tabs.Tab value="credentials" className="tab" data-testid="tab-credentials">
                {t('edge.tab.credentials')} {stats && <span className="count num">{number(stats.credentials)}</span>}
              </Tabs.Tab>
              <Tabs.Tab value="rejected" className="tab" data-testid="tab-rejected">
                {t('edge.tab.rejected')}{' '}
                {stats && stats.rejections > 0 && <span className="count count-err num">{number(stats.rejections)}</span>}
              </Tabs.Tab>
            </Tabs.List>
          </div>
          <Tabs.Panel value="clients" className="tab-panel">
            <ClientsTab canOperate={canOperate} onConnect={() => setConnect(true)} />
          </Tabs.Panel>
          <Tabs.Panel value="history" className="tab-panel">
            <HistoryTab canOperate={canOperate} />
          </Tabs.Panel>
          <Tabs.Panel value="credentials" className="tab-panel">
            <CredentialsTab canWrite={canWrite} onNew={open} onHow={() => setConnect(true)} onReset={showReset} />
          </Tabs.Panel>
          <Tabs.Panel value="rejected" className="tab-panel">
            <RejectedTab canWrite={canWrite} onNew={open} onReset={showReset} />
          </Tabs.Panel>
        </Tabs.Root>
      </section>
      {canWrite && (
        <NewCredentialsDialog
          open={creating || wantsNew !== ''}
          onClose={() => setWantsNew('')}
          onCreated={(made) => {
            setSecret({ secret: made, reset: false })
            navigate('/edge/credentials', { replace: true })
          }}
        />
      )}
      {secret && <SecretDialog {...secret} onClose={() => setSecret(undefined)} />}
      <Dialog open={connect} onClose={() => setConnect(false)} title={t('connect.title')} description={t('connect.text')} size="l" testId="connect-dialog"
        footer={
          <>
            <span className="grow" />
            <Button onClick={() => setConnect(false)}>{t('close')}</Button>
            {canWrite && (
              <Button
                variant="primary"
                icon={<KeyRound size={16} aria-hidden />}
                onClick={() => {
                  setConnect(false)
                  open()
                }}
              >
                {t('credentials.new')}
              </Button>
            )}
          </>
        }
      >
        <ConnectHelp broker={broker.data} />
      </Dialog>
    </div>
  )
}

function StatusLine({ broker }: { broker: Schemas['BrokerInfo'] | undefined }) {
  const now = useNow(10_000)
  if (!broker) return <p className="page-sub">&nbsp;</p>
  const versions = broker.protocols
  return (
    <p className="page-sub" data-testid="status-line">
      {t('edge.status', {
        version: broker.version,
        uptime: duration(Math.max(now - new Date(broker.startedAt).getTime(), broker.uptimeSeconds * 1000)),
        versions: versions.length > 1 ? `${versions.slice(0, -1).join(', ')} ${t('and')} ${versions.at(-1)!}` : (versions[0] ?? ''),
      })}
    </p>
  )
}

function Cards({ broker }: { broker: Schemas['BrokerInfo'] | undefined }) {
  const stats = useStats()
  const series = useStatsSeries()
  const delta = stats?.onlineDelta ?? 0
  return (
    <div className="cards-row">
      <StatCard
        label={t('edge.online')}
        value={stats ? number(stats.online) : undefined}
        testId="online-connections"
        note={
          delta !== 0 && (
            <>
              <span className={delta > 0 ? 'up num' : 'down num'}>{delta > 0 ? `+${number(delta)}` : `−${number(-delta)}`}</span> {t('edge.in5min')}
            </>
          )
        }
        points={series.online}
        tone="c1"
      />
      <StatCard label={t('edge.messagesIn')} value={stats ? rate(stats.messagesInPerSecond) : undefined} testId="messages-in" note={t('perSecond')} points={series.in} tone="c1" />
      <StatCard label={t('edge.messagesOut')} value={stats ? rate(stats.messagesOutPerSecond) : undefined} testId="messages-out" note={t('perSecond')} points={series.out} tone="c3" />
      <Endpoints broker={broker} />
    </div>
  )
}

/** Broker Info: one line per scheme, each with copy; those that are off say how to turn them on. */
function Endpoints({ broker }: { broker: Schemas['BrokerInfo'] | undefined }) {
  const [help, setHelp] = useState<Schemas['Endpoint']>()
  // On a phone the addresses are folded away: the list below is why people come.
  const [unfolded, setUnfolded] = useState(false)
  const list = useId()
  const expires = broker?.endpoints.find((endpoint) => endpoint.certificateExpiresAt)?.certificateExpiresAt
  return (
    <section className={classes('card endpoints', unfolded && 'unfolded')} aria-labelledby="broker-info" data-testid="broker-info">
      <div className="endpoints-head">
        <h2 id="broker-info">{t('edge.brokerInfo')}</h2>
        {expires && <Pill tone="neutral">{t('edge.tlsUntil', { day: day(expires) })}</Pill>}
        <IconButton
          className={classes('unfold', unfolded && 'turned')}
          label={t('edge.addresses')}
          icon={<ChevronDown size={17} aria-hidden />}
          aria-expanded={unfolded}
          aria-controls={list}
          onClick={() => setUnfolded(!unfolded)}
          data-testid="broker-info-unfold"
        />
      </div>
      <ul id={list}>
        {broker?.endpoints.map((endpoint) => (
          <li key={`${endpoint.url}:${endpoint.state}`} className={endpoint.state === 'LISTENING' ? undefined : 'off'} data-testid={`endpoint-${endpoint.scheme}`} data-state={endpoint.state}>
            {endpoint.tls ? <Lock size={15} aria-label={t('edge.encrypted')} className={endpoint.state === 'LISTENING' ? 'ok' : undefined} /> : <LockOpen size={15} aria-label={t('edge.plain')} />}
            <span className="endpoint-url mono">{endpoint.url}</span>
            <Reach endpoint={endpoint} />
            {endpoint.state === 'LISTENING' ? (
              <CopyButton text={endpoint.url} label={t('copy.what', { what: endpoint.url })} />
            ) : (
              <button type="button" className="link" onClick={() => setHelp(endpoint)} data-testid={`endpoint-${endpoint.scheme}-help`}>
                {endpoint.state === 'FAILED' ? t('edge.endpoint.FAILED') : t('edge.endpoint.OFF')}
              </button>
            )}
          </li>
        ))}
      </ul>
      <Dialog
        open={help !== undefined}
        onClose={() => setHelp(undefined)}
        title={help?.state === 'FAILED' ? t('edge.endpoint.failedTitle', { scheme: help.scheme }) : t('edge.endpoint.turnOn', { scheme: help?.scheme ?? '' })}
        testId="endpoint-dialog"
        footer={
          <>
            <span className="grow" />
            <Button variant="primary" onClick={() => setHelp(undefined)}>
              {t('close')}
            </Button>
          </>
        }
      >
        {help?.error && <p>{t('edge.endpoint.error', { error: help.error })}</p>}
        {help?.turnOn && (
          <>
            <p>{tx('edge.endpoint.file', { file: <code key="f" className="mono strong">{help.turnOn.file}</code> })}</p>
            <div className="snippet">
              <pre className="code mono" tabIndex={0}>
                {help.turnOn.lines.join('\n')}
              </pre>
              <CopyButton text={help.turnOn.lines.join('\n') + '\n'} label={t('copy.lines')} />
            </div>
            {help.tls && <p className="sub">{t('edge.endpoint.pem')}</p>}
            <p className="sub">{t('edge.endpoint.live')}</p>
          </>
        )}
      </Dialog>
    </section>
  )
}

function ConnectHelp({ broker }: { broker: Schemas['BrokerInfo'] | undefined }) {
  const endpoint = endpointFor(broker?.endpoints ?? [], 'mqtt', 'mqtts')
  return (
    <>
      <ol className="steps">
        <li>{t('connect.step1')}</li>
        <li>{t('connect.step2')}</li>
        <li>{t('connect.step3')}</li>
      </ol>
      <Snippets
        to={connectionTo(endpoint, {
          clientId: `<${t('clientId')}>`,
          username: `<${t('username')}>`,
          password: `<${t('password')}>`,
          filter: '#',
        })}
      />
    </>
  )
}
