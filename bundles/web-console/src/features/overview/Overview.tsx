import { ArrowRight, CircleCheck, KeyRound, MemoryStick, Network, Plug, Server, ShieldX, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { Schemas } from '../../api/client'
import { useBroker, useChannel, useMemory, useRejections, useStats, useStatsSeries, useStale, useViolating } from '../../api/queries'
import { bytes, duration, has, number, rate, t, tn } from '../../i18n'
import { Ago, Pill, useNow } from '../../ui/basics'
import { StatCard } from '../../ui/statcard'
import { violationText } from '../uns/violation'

/** The first page: is everything well, and what to do next. */
export default function Overview() {
  const broker = useBroker()
  const stats = useStats()
  const stale = useStale(0).data
  const series = useStatsSeries()
  const now = useNow(10_000)
  useChannel('rejections')
  const rejections = useRejections({})
  const memory = useMemory().data
  const refused = rejections.data?.pages[0]?.items ?? []
  const steps: { done: boolean; title: string; text: string; to: string; action: string; icon: ReactNode }[] = [
    { done: (stats?.credentials ?? 0) > 0, title: t('start.credentials'), text: t('start.credentialsText'), to: '/edge/credentials?new=credentials', action: t('credentials.new'), icon: <KeyRound size={18} aria-hidden /> },
    { done: (stats?.messagesIn ?? 0) > 0 || (stats?.online ?? 0) > 0, title: t('start.connect'), text: t('start.connectText'), to: '/edge', action: t('nav.edge'), icon: <Plug size={18} aria-hidden /> },
    { done: (stats?.topics ?? 0) > 0, title: t('start.model'), text: t('start.modelText'), to: '/uns?new=topic', action: t('uns.newTopic'), icon: <Network size={18} aria-hidden /> },
  ]
  const started = stats !== undefined && steps.every((step) => step.done)
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <div className="row">
            <h1>{t('nav.overview')}</h1>
            {broker.data && (
              <Pill tone={broker.data.state === 'RUNNING' ? 'ok' : broker.data.state === 'STARTING' ? 'warn' : 'err'} dot>
                {t(`broker.${broker.data.state}`)}
              </Pill>
            )}
          </div>
          <p className="page-sub">
            {broker.data ? t('overview.sub', { server: broker.data.serverName, version: broker.data.version, uptime: duration(Math.max(0, now - new Date(broker.data.startedAt).getTime())) }) : '\u00a0'}
          </p>
        </div>
      </header>
      <div className="cards-row cards-3">
        <StatCard label={t('edge.online')} value={stats && number(stats.online)} points={series.online} tone="c1" testId="overview-online" />
        <StatCard label={t('edge.messagesIn')} value={stats && rate(stats.messagesInPerSecond)} note={t('perSecond')} points={series.in} tone="c1" testId="overview-in" />
        <StatCard label={t('edge.messagesOut')} value={stats && rate(stats.messagesOutPerSecond)} note={t('perSecond')} points={series.out} tone="c3" testId="overview-out" />
      </div>
      <div className="overview-grid">
        {stats && !started && (
          <section className="card wide" aria-labelledby="start-title">
            <div className="card-head">
              <h2 id="start-title">{t('start.title')}</h2>
            </div>
            <ol className="start-steps">
              {steps.map((step, index) => (
                <li key={step.title} className={step.done ? 'done' : undefined}>
                  <span className="start-mark" aria-hidden>
                    {step.done ? <CircleCheck size={18} /> : index + 1}
                  </span>
                  <span className="grow">
                    <strong>{step.title}</strong>
                    {step.done && <span className="sr"> ({t('done')})</span>}
                    <span className="sub block">{step.text}</span>
                  </span>
                  {!step.done && (
                    <Link href={step.to} className="btn btn-plain">
                      {step.icon} {step.action}
                    </Link>
                  )}
                </li>
              ))}
            </ol>
          </section>
        )}
        <section className="card" aria-labelledby="ov-namespace">
          <div className="card-head">
            <Network size={17} aria-hidden />
            <h2 id="ov-namespace">{t('overview.namespace')}</h2>
            <span className="grow" />
            <Link href="/uns" className="link">
              {t('nav.uns')} <ArrowRight size={14} aria-hidden />
            </Link>
          </div>
          <dl className="facts-grid">
            <Fact name={t('overview.topics')} value={stats && number(stats.topics)} />
            <Fact name={t('uns.unmodeled')} value={stats && number(stats.unmodeledTopics)} />
            <Fact name={t('overview.retained')} value={stats && number(stats.retained)} />
            <Fact name={t('overview.violating')} value={stats && <span data-testid="overview-violating">{number(stats.violatingTopics)}</span>} />
            <Fact
              name={t('overview.stale')}
              value={
                stale && (
                  <Link href="/uns/stale" className="link" data-testid="overview-stale">
                    {number(stale.total)}
                  </Link>
                )
              }
            />
          </dl>
        </section>
        <section className="card" aria-labelledby="ov-broker">
          <div className="card-head">
            <Server size={17} aria-hidden />
            <h2 id="ov-broker">{t('overview.broker')}</h2>
            <span className="grow" />
            <Link href="/edge" className="link">
              {t('nav.edge')} <ArrowRight size={14} aria-hidden />
            </Link>
          </div>
          <dl className="facts-grid">
            <Fact name={t('overview.sessions')} value={stats && number(stats.sessions)} />
            <Fact name={t('client.subscriptions')} value={stats && number(stats.subscriptions)} />
            <Fact name={t('edge.tab.credentials')} value={stats && number(stats.credentials)} />
            <Fact name={t('overview.received')} value={stats && `${number(stats.messagesIn)} · ${bytes(stats.bytesIn)}`} />
            <Fact name={t('overview.sent')} value={stats && `${number(stats.messagesOut)} · ${bytes(stats.bytesOut)}`} />
            <Fact
              name={t('overview.store')}
              value={stats && broker.data && [broker.data.store ?? '-', ...(stats.storeBytes > 0 ? [bytes(stats.storeBytes)] : [])].join(' · ')}
            />
            <Fact name={t('overview.heap')} value={stats && `${bytes(stats.heapUsedBytes)} / ${bytes(stats.heapMaxBytes)}`} />
          </dl>
        </section>
        <section className="card" aria-labelledby="ov-rejected">
          <div className="card-head">
            <ShieldX size={17} aria-hidden />
            <h2 id="ov-rejected">{t('overview.rejected')}</h2>
            <span className="grow" />
            <Link href="/edge/rejected" className="link">
              {t('edge.tab.rejected')} <ArrowRight size={14} aria-hidden />
            </Link>
          </div>
          {refused.length === 0 ? (
            <p className="card-empty">{t('rejected.empty.title')}</p>
          ) : (
            <ul className="list-plain">
              {refused.slice(0, 4).map((rejection) => (
                <li key={rejection.id}>
                  <Pill tone="err">{t(`rejected.${rejection.cause}`)}</Pill>
                  <span className="cut">{rejection.credential?.description ?? (rejection.username || rejection.clientId || rejection.address)}</span>
                  <span className="grow" />
                  <span className="muted">
                    <Ago time={rejection.at} />
                  </span>
                </li>
              ))}
              {stats && stats.rejections > 4 && <li className="muted">{tn('overview.moreRejected', stats.rejections - 4)}</li>}
            </ul>
          )}
        </section>
        {stats && stats.violatingTopics > 0 && <ViolatingCard />}
        {memory && <MemoryCard memory={memory} />}
      </div>
    </div>
  )
}

/** The topics that do not fit their models now, the latest first. */
function ViolatingCard() {
  const violating = useViolating(5, true).data
  if (!violating || violating.total === 0) return null
  return (
    <section className="card wide" aria-labelledby="ov-violating" data-testid="overview-violations">
      <div className="card-head">
        <TriangleAlert size={17} aria-hidden />
        <h2 id="ov-violating">{t('overview.violations')}</h2>
        <span className="count count-warn num">{number(violating.total)}</span>
        <span className="grow" />
        <Link href="/uns/violations" className="link">
          {t('violations.all')} <ArrowRight size={14} aria-hidden />
        </Link>
      </div>
      <ul className="list-plain list-wide">
        {violating.items.map((item) => (
          <li key={item.topic}>
            <span className="cut">
              <Link href={`/uns?${new URLSearchParams({ path: item.path ?? item.topic })}`} className="link mono">
                {item.path ?? item.topic}
              </Link>
            </span>
            {item.lastViolation && (
              <span className="muted from-2 cut">
                {item.lastViolation.field && <code className="mono strong">{item.lastViolation.field} </code>}
                {violationText(item.lastViolation)}
              </span>
            )}
            <span className="grow" />
            {item.lastViolation && (
              <span className="muted">
                <Ago time={item.lastViolation.at} />
              </span>
            )}
          </li>
        ))}
        {violating.total > violating.items.length && <li className="muted">{tn('overview.moreRejected', violating.total - violating.items.length)}</li>}
      </ul>
    </section>
  )
}

/** What clients and users hold of the memory; who was refused more is listed. */
function MemoryCard({ memory }: { memory: Schemas['Memory'] }) {
  const short = memory.areas.some((area) => area.short)
  return (
    <section className="card wide" aria-labelledby="ov-memory" data-testid="overview-memory">
      <div className="card-head">
        <MemoryStick size={17} aria-hidden />
        <h2 id="ov-memory">{t('overview.memory')}</h2>
        <span className="grow" />
        <Pill tone={short ? 'warn' : 'ok'} dot>
          {t(short ? 'memory.short' : 'memory.enough')}
        </Pill>
      </div>
      <dl className="facts-grid">
        {memory.areas.map((area) => (
          <Fact key={area.area} name={t(`memory.${area.area}`)} value={<AreaUse area={area} />} />
        ))}
      </dl>
      {memory.shortages.length > 0 && (
        <ul className="list-plain">
          {memory.shortages.slice(0, 4).map((shortage) => (
            <li key={`${shortage.area} ${shortage.kind} ${shortage.holder} ${shortage.reclaimed}`}>
              <Pill tone="warn">{t(shortage.reclaimed ? 'memory.reclaimed' : 'memory.refused')}</Pill>
              <span className="cut wide">{shortage.holder}</span>
              <span className="muted from-2">{t('memory.held', { kind: kindName(shortage.kind), bytes: bytes(shortage.heldBytes) })}</span>
              <span className="grow" />
              <span className="muted">
                <Ago time={shortage.latest} />
              </span>
            </li>
          ))}
          {memory.shortages.length > 4 && <li className="muted">{tn('overview.moreRejected', memory.shortages.length - 4)}</li>}
        </ul>
      )}
    </section>
  )
}

/** What a part of the server keeps in memory. A plug-in may name a kind that has no words here. */
function kindName(kind: string): string {
  const key = `memory.kind.${kind}`
  return has(key) ? t(key) : kind
}

function AreaUse({ area }: { area: Schemas['Memory']['areas'][number] }) {
  const largest = area.kinds.filter((kind) => kind.bytes > 0).slice(0, 3)
  return (
    <>
      {t('memory.use', { used: bytes(area.usedBytes), maximum: bytes(area.maximumBytes) })}
      {largest.length > 0 && (
        <span className="sub block">{t('memory.largest', { kinds: largest.map((kind) => `${kindName(kind.kind)} ${bytes(kind.bytes)}`).join(', ') })}</span>
      )}
    </>
  )
}

function Fact({ name, value }: { name: string; value: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="num">{value ?? <span className="skeleton" />}</dd>
    </div>
  )
}
