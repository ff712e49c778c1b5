import { ArrowRight, CircleCheck, RotateCcw, Tag, TriangleAlert } from 'lucide-react'
import { Link } from 'wouter'
import { api, unwrap, type Schemas } from '../../api/client'
import { keys, useChange, useViolations, useWidenings } from '../../api/queries'
import { number, t, tx } from '../../i18n'
import { Ago, Button, classes, Note, Pill } from '../../ui/basics'
import { TableScroll } from '../../ui/tablescroll'
import { violationText } from './violation'

type Node = Schemas['Node']
type Value = Schemas['Value']
type Violation = Schemas['Violation']

/** Whether the topic fits its model now, and each kind of violation it had. */
export function ViolationsCard({ value, node, canWrite }: { value: Value; node: Node; canWrite: boolean }) {
  const now = value.violationsInARow > 0
  const some = now || value.violations > 0
  const log = useViolations(node, some)
  const reset = useChange(() => unwrap(api.DELETE('/namespace/nodes/{id}/violations', { params: { path: { id: node.id } } })), keys.namespace)
  if (!some) return null
  const kinds = log.data?.kinds ?? []
  return (
    <section className={classes('card', 'table-card', now && 'violations')} aria-labelledby="violations-title" data-testid="violations">
      <div className="card-head violations-head">
        <h2 id="violations-title">{t('violations.title')}</h2>
        <span className={classes('count num', now && 'count-warn')} data-testid="violation-count">
          {number(value.violations)}
        </span>
        <NowPill now={now} healedAt={log.data?.healedAt ?? null} />
        <span className="grow" />
        <span className="card-note">
          {value.violationsSince ? tx('violations.since', { time: <Ago key="t" time={value.violationsSince} /> }) : t('violations.sinceStart')}
        </span>
        {canWrite && value.violations > 0 && (
          <Button icon={<RotateCcw size={16} aria-hidden />} busy={reset.isPending} onClick={() => reset.mutate(undefined)} data-testid="violations-reset">
            {t('violations.reset')}
          </Button>
        )}
      </div>
      {reset.isError && <Note tone="err">{reset.error.message}</Note>}
      {kinds.length > 0 ? <Kinds kinds={kinds} /> : now && value.lastViolation && <p className="violation-last"><Found violation={value.lastViolation} testId="violation-reason" /></p>}
      {canWrite && now && <Widenings node={node} />}
      <p className="muted small violation-note">
        {t(`violations.note.${node.effective.validation.value}`)}
        {log.data && log.data.forgotten > 0 && ` ${t('violations.forgotten', { n: log.data.forgotten })}`}{' '}
        <Link href="/uns/violations" className="link">
          {t('violations.all')} <ArrowRight size={14} aria-hidden />
        </Link>
      </p>
    </section>
  )
}

/** Whether messages of the topic fit again. */
export function OutcomePill({ violating, healedAt }: { violating: boolean; healedAt: string | null }) {
  return <NowPill now={violating} healedAt={healedAt} />
}

/** The same in a line of a table: what becomes of the messages. */
export function Outcome({ violating, healedAt, validation }: { violating: boolean; healedAt: string | null; validation: Schemas['ValidationMode'] }) {
  return violating ? (
    <span className="small outcome warn">
      <Tag size={13} aria-hidden /> {validation === 'REJECT' ? t('violations.wasRefused') : validation === 'QUARANTINE' ? t('violations.wasHeld') : t('violations.delivered')}
    </span>
  ) : (
    <span className="small outcome ok">
      <CircleCheck size={13} aria-hidden /> {healedAt ? tx('violations.healed', { time: <Ago key="t" time={healedAt} every={1_000} /> }) : t('value.matches')}
    </span>
  )
}

function NowPill({ now, healedAt }: { now: boolean; healedAt: string | null }) {
  if (now)
    return (
      <Pill tone="warn" testId="violations-now">
        <TriangleAlert size={13} aria-hidden /> {t('violations.now')}
      </Pill>
    )
  return (
    <Pill tone="ok" testId="violations-now">
      <CircleCheck size={13} aria-hidden /> {healedAt ? tx('violations.healed', { time: <Ago key="t" time={healedAt} every={1_000} /> }) : t('value.matches')}
    </Pill>
  )
}

function Kinds({ kinds }: { kinds: Schemas['ViolationKind'][] }) {
  return (
    <TableScroll label={t('violations.title')}>
      <table aria-label={t('violations.title')} data-testid="violations-table">
        <thead>
          <tr>
            <th scope="col">{t('violations.last')}</th>
            <th scope="col">{t('violations.code')}</th>
            <th scope="col">{t('violations.found')}</th>
            <th scope="col" className="from-2">
              {t('value.publishedBy')}
            </th>
          </tr>
        </thead>
        <tbody>
          {kinds.map(({ last, publisher, count, firstAt }, index) => (
            <tr key={`${last.code}/${last.field}/${publisher.credentialId}/${publisher.clientId}`}>
              <td className="sub num">
                <Ago time={last.at} every={1_000} />
              </td>
              <td>
                <div className="two-lines">
                  <span className="tag tag-err">{last.code}</span>
                  <span className="muted small num">{tx('violations.times', { n: number(count), time: <Ago key="t" time={firstAt} bare /> })}</span>
                </div>
              </td>
              <td>
                <div className="two-lines">
                  <span>
                    <Found violation={last} testId={index === 0 ? 'violation-reason' : undefined} />
                  </span>
                  {last.type && <span className="muted small">{t('violations.arrived', { type: t(`json.${last.type}`) })}</span>}
                </div>
              </td>
              <td className="from-2">
                <div className="two-lines">
                  <span>{publisher.description || publisher.clientId || '—'}</span>
                  {publisher.clientId && <span className="muted small mono">{publisher.clientId}</span>}
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  )
}

/** What was found, of which field. */
export function Found({ violation, testId }: { violation: Violation; testId?: string | undefined }) {
  const reason = <span key="r" data-testid={testId}>{violationText(violation)}</span>
  return violation.field ? tx('violations.reason', { field: <code key="f" className="mono strong">{violation.field}</code>, reason }) : reason
}

/** Fields whose type keeps refusing values, each with a button for a wider one. */
export function Widenings({ node }: { node: Node }) {
  const found = useWidenings(node)
  const widen = useChange(
    (widening: Schemas['Widening']) =>
      unwrap(
        api.PATCH('/namespace/nodes/{id}', {
          params: { path: { id: node.id }, header: { 'If-Match': `"${node.revision}"` } },
          body: { model: { ...node.model!, fields: node.model!.fields.map((field) => (field.name === widening.field.name ? widening.wider : field)) } },
        }),
      ),
    keys.namespace,
  )
  return (
    <>
      {found.data?.widenings.map((widening) => (
        <div key={widening.field.name} className="row between" data-testid={`widening-${widening.field.name}`}>
          <span>
            {tx('violations.widening', {
              field: <code key="f" className="mono strong">{widening.field.name}</code>,
              type: widening.field.type,
              refused: number(widening.refused),
              values: number(widening.values),
              examples: <code key="e" className="mono">{widening.examples.join(', ')}</code>,
            })}
          </span>
          <Button busy={widen.isPending} onClick={() => widen.mutate(widening)} data-testid={`widen-${widening.field.name}`}>
            {t('violations.widen', { type: widerText(widening) })}
          </Button>
        </div>
      ))}
      {widen.isError && <Note tone="err">{widen.error.message}</Note>}
    </>
  )
}

/** What a wider field takes that the present one does not, e.g. "DOUBLE, null". */
function widerText({ field, wider }: Schemas['Widening']): string {
  return [
    ...(wider.type === field.type ? [] : [wider.type]),
    ...(wider.nullable && !field.nullable ? ['null'] : []),
    ...(wider.coerce && !field.coerce ? [t('violations.coerce')] : []),
  ].join(', ')
}
