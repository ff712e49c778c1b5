import { Check, CircleHelp, Copy, Minus, TriangleAlert, X } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import { Link } from 'wouter'
import type { Schemas } from '../../api/client'
import { useExplanation } from '../../api/queries'
import { bytes, exact, moment, number, t, tn, tx } from '../../i18n'
import { Button, Field, Input, Pill, Segments } from '../../ui/basics'
import { copyText } from '../../ui/iconbutton'
import { Dialog } from '../../ui/overlays'
import { Empty, Failure, Skeleton } from '../../ui/states'
import { toast } from '../../ui/toast'
import { useUrlState } from '../../ui/url'
import { ExplainWhatIf } from './ExplainWhatIf'
import { fateText, remarkText, rulingText, sumsOf, toneOf, type Tone } from './explain'
import { violationText } from './violation'

type Explanation = Schemas['Explanation']
type Receiver = Schemas['Receiver']

const QUESTIONS = ['arrived', 'client', 'whatif'] as const
type Question = (typeof QUESTIONS)[number]

/** Why the messages of a topic come where they come: three questions, each with keys 1 to 3. */
export default function ExplainDialog({ topic, onClose }: { topic: string; onClose: () => void }) {
  const [asked, setAsked] = useUrlState('explain')
  const [client, setClient] = useUrlState('client')
  const [allow, setAllow] = useState<Receiver>()
  const question: Question = QUESTIONS.find((each) => each === asked) ?? 'arrived'
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const next = QUESTIONS[Number(event.key) - 1]
      const target = event.target as HTMLElement
      const typing = target instanceof HTMLInputElement ? target.type !== 'radio' : /^(TEXTAREA|SELECT)$/.test(target.tagName)
      if (next && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) setAsked(next)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [setAsked])
  const why = (id: string) => {
    setClient(id)
    setAsked('client')
  }
  const tryToAllow = (receiver: Receiver) => {
    setAllow(receiver)
    setAsked('whatif')
  }
  return (
    <Dialog open onClose={onClose} size="xl" title={t('explain.title')} description={<span className="mono">{topic}</span>} testId="explain">
      <div className="explain">
        <Segments label={t('explain.question')} value={question} onChange={setAsked} options={QUESTIONS.map((each) => ({ value: each, label: t(`explain.question.${each}`) }))} />
        {question === 'arrived' && <Arrived topic={topic} onWhy={why} onAllow={tryToAllow} />}
        {question === 'client' && <OneClient topic={topic} client={client} onClient={setClient} onAllow={tryToAllow} />}
        {question === 'whatif' && <ExplainWhatIf topic={topic} allow={allow} />}
      </div>
    </Dialog>
  )
}

function Arrived({ topic, onWhy, onAllow }: { topic: string; onWhy: (client: string) => void; onAllow: (receiver: Receiver) => void }) {
  const found = useExplanation(topic)
  if (found.isPending) return <Skeleton lines={8} />
  if (found.isError) return <Failure error={found.error} retry={found.refetch} />
  const steps = stepsOf(found.data)
  const copy = () => {
    const lines = [topic, ...steps.map(({ name, text, fact }) => [name, text, fact].filter(Boolean).join(': ')), ...found.data.audience.receivers.map((each) => `${each.clientId}: ${sentences(each)}`)]
    copyText(lines.join('\n')).then(
      () => toast({ kind: 'ok', text: t('copy.done') }),
      () => toast({ kind: 'error', text: t('copy.failed') }),
    )
  }
  return (
    <>
      <div className="row between">
        <Sums audience={found.data.audience} />
        <span className="grow" />
        <Button icon={<Copy size={16} aria-hidden />} onClick={copy} data-testid="explain-copy">
          {t('explain.copy')}
        </Button>
      </div>
      <ol className="explain-steps" data-testid="explain-steps">
        {steps.map((step, index) => (
          <StepRow key={`${step.name}/${index}`} {...step} />
        ))}
      </ol>
      <Receivers audience={found.data.audience} onWhy={onWhy} onAllow={onAllow} />
      <p className="sub small">{t('explain.now')}</p>
    </>
  )
}

function Sums({ audience }: { audience: Schemas['Audience'] }) {
  const { reached, missed, lowered } = sumsOf(audience)
  return (
    <>
      <Pill tone={missed > 0 ? 'warn' : 'ok'} testId="explain-sums">
        {missed > 0 ? t('explain.missed', { n: missed, all: audience.examined }) : tn('explain.reached', reached)}
      </Pill>
      {lowered > 0 && <Pill tone="neutral">{tn('explain.lowered', lowered)}</Pill>}
    </>
  )
}

interface Step {
  name: string
  tone: Tone
  text: string
  fact?: string | undefined
  link?: { href: string; label: string } | undefined
}

const MARKS: Record<Tone, ReactNode> = {
  ok: <Check size={14} aria-hidden />,
  warn: <TriangleAlert size={14} aria-hidden />,
  err: <X size={14} aria-hidden />,
  neutral: <Minus size={14} aria-hidden />,
}

function Mark({ tone }: { tone: Tone }) {
  return <span className={`explain-mark mark-${tone}`}>{MARKS[tone]}</span>
}

function StepRow({ name, tone, text, fact, link }: Step) {
  return (
    <li>
      <Mark tone={tone} />
      <strong>{name}</strong>
      <div>
        <p>{text}</p>
        {(fact || link) && (
          <p className="sub small">
            {fact} {link && <Link href={link.href} className="link">{link.label}</Link>}
          </p>
        )}
      </div>
    </li>
  )
}

/** The way of the message, step by step, each with the fact behind it. */
export function stepsOf(explanation: Explanation): Step[] {
  const { message, sender, contract, retained, value, inStore, audience, refused, interceptors } = explanation
  const { publisher, connection, ruling } = sender
  const steps: Step[] = []
  steps.push(
    message.at === null
      ? { name: t('explain.message'), tone: 'neutral', text: t('explain.message.none') }
      : { name: t('explain.message'), tone: 'ok', text: t('explain.message.text', { time: moment(message.at), qos: message.qos, size: bytes(message.bytes) }), fact: [message.retain && t('explain.retainFlag'), message.messages !== null && tn('explain.messages', message.messages)].filter(Boolean).join(' · ') },
  )
  if (publisher.clientId) {
    steps.push({
      name: t('explain.credential'),
      tone: 'ok',
      text: publisher.description ? t('explain.credential.text', { client: publisher.clientId, credential: publisher.description }) : t('explain.credential.client', { client: publisher.clientId }),
      fact: publisher.address ? t('explain.from', { address: publisher.address }) : undefined,
      link: publisher.credentialId ? { href: `/edge?${new URLSearchParams({ tab: 'credentials', q: publisher.description || publisher.clientId })}`, label: t('explain.openCredential') } : undefined,
    })
    steps.push(
      connection
        ? { name: t('explain.listener'), tone: 'ok', text: t(connection.same ? 'explain.listener.text' : 'explain.listener.again', { listener: connection.listener, protocol: connection.protocol }), fact: t('explain.connected', { time: moment(connection.connectedAt), address: connection.address }) }
        : { name: t('explain.listener'), tone: 'neutral', text: t('explain.listener.gone') },
    )
  } else if (publisher.description) steps.push({ name: t('explain.credential'), tone: 'ok', text: t('explain.server', { name: publisher.description }) })
  if (ruling) steps.push({ name: t('explain.rights'), tone: ruling.allowed ? 'ok' : 'err', text: t(ruling.allowed ? 'explain.mayPublish' : 'explain.mayNotPublish'), fact: rulingText(ruling) })
  if (contract) steps.push(contractStep(contract, interceptors))
  steps.push(retained ? { name: t('explain.retained'), tone: 'ok', text: t(retained.same ? 'explain.retained.this' : 'explain.retained.other', { time: moment(retained.at) }), fact: retained.expiresAt ? t('explain.expires', { time: exact(retained.expiresAt) }) : undefined } : { name: t('explain.retained'), tone: 'neutral', text: t('explain.retained.none') })
  steps.push(value ? { name: t('explain.value'), tone: value.quality === 'Bad' ? 'err' : value.quality === 'Uncertain' ? 'warn' : 'ok', text: t('explain.value.text', { quality: t(value.quality === 'Bad' ? 'quality.B' : value.quality === 'Uncertain' ? 'quality.U' : 'quality.G'), time: moment(value.receivedAt) }), fact: value.timestamp ? t('explain.measured', { time: exact(value.timestamp) }) : undefined } : { name: t('explain.value'), tone: 'neutral', text: t('explain.value.none') })
  if (inStore > 0) steps.push({ name: t('explain.store'), tone: 'ok', text: tn('explain.store.text', inStore) })
  refused.forEach((each) => steps.push({ name: t('explain.refused'), tone: 'err', text: t('explain.refused.text', { client: each.clientId, cause: t(`rejected.${each.cause}`), time: moment(each.at) }), fact: each.rule ?? undefined }))
  const { reached, missed, notMeant } = sumsOf(audience)
  steps.push({
    name: t('explain.receivers'),
    tone: missed > 0 ? 'warn' : reached > 0 ? 'ok' : 'neutral',
    text: audience.subscribers === 0 ? t('explain.receivers.none') : t('explain.receivers.text', { reached, missed, notMeant }),
    fact: [audience.examined < audience.subscribers && t('explain.examined', { n: audience.examined, all: audience.subscribers }), audience.consumers > 0 && tn('explain.consumers', audience.consumers)].filter(Boolean).join(' · '),
  })
  return steps
}

function contractStep(contract: Schemas['MessageContract'], interceptors: string[]): Step {
  const { verdict, violation, mode, modeFrom, topicPolicy, topicPolicyFrom, revision, updatedBy, detail } = contract
  const tone: Tone = verdict === null || verdict === 'NO_MODEL' || verdict === 'NOT_CHECKED' ? 'neutral' : verdict === 'FITS' ? 'ok' : verdict === 'OBSERVED' || verdict === 'ANNOTATED' ? 'warn' : 'err'
  const says = verdict === null ? t('explain.verdict.none') : t(`verdict.${verdict}`)
  const wrong = violation ? `${violation.field ? `${violation.field}: ` : ''}${violationText(violation)}` : detail
  const policy = verdict === 'NO_MODEL' || verdict === 'TOPIC_DENIED'
  const from = policy ? topicPolicyFrom : modeFrom
  return {
    name: t('explain.contract'),
    tone,
    text: wrong ? `${says} ${wrong}` : says,
    fact: [policy ? t(`topicPolicy.${topicPolicy}`) : t(`validation.${mode}`), from && t('explain.saidBy', { path: from }), revision !== null && t('explain.revision', { n: revision, who: updatedBy ?? '' }), interceptors.join(', ')].filter(Boolean).join(' · '),
  }
}

function sentences(receiver: Receiver): string {
  return [fateText(receiver), ...receiver.remarks.map(remarkText)].join(' ')
}

/** Who subscribes, and what becomes of the message for each. */
export function Receivers({ audience, onWhy, onAllow }: { audience: Schemas['Audience']; onWhy?: (client: string) => void; onAllow?: (receiver: Receiver) => void }) {
  if (audience.receivers.length === 0) return null
  const more = audience.subscribers - audience.receivers.length
  return (
    <ul className="explain-receivers" aria-label={t('explain.receivers')} data-testid="explain-receivers">
      {audience.receivers.map((each, index) => (
        <ReceiverRow key={`${each.clientId}/${index}`} receiver={each} onWhy={onWhy} onAllow={onAllow} />
      ))}
      {more > 0 && <li className="sub">{t('explain.more', { n: more })}</li>}
    </ul>
  )
}

function ReceiverRow({ receiver, onWhy, onAllow }: { receiver: Receiver; onWhy?: ((client: string) => void) | undefined; onAllow?: ((receiver: Receiver) => void) | undefined }) {
  const tone = toneOf(receiver)
  const state = receiver.credentialState === 'DISABLED' || receiver.credentialState === 'EXPIRED' ? receiver.credentialState : undefined
  return (
    <li data-testid={`receiver-${receiver.clientId}`}>
      <Mark tone={tone} />
      <div className="explain-who">
        {onWhy ? (
          <button type="button" className="link mono" onClick={() => onWhy(receiver.clientId)}>
            {receiver.clientId}
          </button>
        ) : (
          <code className="mono strong">{receiver.clientId}</code>
        )}
        <span className="sub small">{receiver.credential?.description}</span>
      </div>
      <div>
        <p>
          <strong className={`outcome-${tone}`}>{t(`outcome.${receiver.outcome}`)}</strong>
          {receiver.qos !== null && <span className="sub"> QoS {receiver.qos}</span>}
          {receiver.fate !== 'SENT' && ` · ${fateText(receiver)}`}
        </p>
        {receiver.remarks.map((each) => (
          <p key={each.code} className="sub small">
            {remarkText(each)}
          </p>
        ))}
        {state && <p className="sub small">{t(`explain.credentialState.${state}`)}</p>}
        <p className="sub small">
          <span className="mono">{receiver.subscriptions.map(({ filter }) => filter).join(', ')}</span>
          {receiver.ruling && (receiver.fate === 'NO_RIGHTS' || receiver.ruling.rule) && ` ${rulingText(receiver.ruling)}`}
        </p>
      </div>
      {receiver.fate === 'NO_RIGHTS' && receiver.credential && onAllow && (
        <Button icon={<CircleHelp size={16} aria-hidden />} onClick={() => onAllow(receiver)} data-testid={`allow-${receiver.clientId}`}>
          {t('explain.tryAllow')}
        </Button>
      )}
    </li>
  )
}

function OneClient({ topic, client, onClient, onAllow }: { topic: string; client: string; onClient: (client: string) => void; onAllow: (receiver: Receiver) => void }) {
  const [text, setText] = useState(client)
  useEffect(() => setText(client), [client])
  return (
    <>
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault()
          onClient(text.trim())
        }}
      >
        <Field label={t('explain.clientId')} className="grow">
          {(props) => <Input {...props} mono value={text} onChange={(event) => setText(event.target.value)} data-testid="explain-client" />}
        </Field>
        <Button type="submit" variant="primary" data-testid="explain-ask">
          {t('explain.ask')}
        </Button>
      </form>
      {client ? <Answer topic={topic} client={client} onAllow={onAllow} /> : <Empty icon={<CircleHelp size={22} />} title={t('explain.noClient')}>{t('explain.noClient.text')}</Empty>}
    </>
  )
}

function Answer({ topic, client, onAllow }: { topic: string; client: string; onAllow: (receiver: Receiver) => void }) {
  const found = useExplanation(topic, client)
  if (found.isPending) return <Skeleton lines={4} />
  if (found.isError) return <Failure error={found.error} retry={found.refetch} />
  const receiver = found.data.client
  if (!receiver) return null
  const last = receiver.lastConnection
  return (
    <div data-testid="explain-answer">
      <ul className="explain-receivers">
        <ReceiverRow receiver={receiver} onAllow={onAllow} />
      </ul>
      {last?.disconnectedAt && (
        <p className="sub small">
          {tx('explain.lastConnection', { time: <time key="t" dateTime={last.disconnectedAt} title={exact(last.disconnectedAt)}>{moment(last.disconnectedAt)}</time>, cause: last.cause ? t(`history.cause.${last.cause}`) : '' })}
        </p>
      )}
      <p className="sub small">{t('explain.looked', { n: number(found.data.audience.subscribers) })}</p>
    </div>
  )
}
