import { ArrowRight, RotateCcw } from 'lucide-react'
import { useMemo } from 'react'
import { Link } from 'wouter'
import { api, unwrap } from '../../api/client'
import { keys, useChange, useNodeByPath, useValue } from '../../api/queries'
import { exact, moment, number, t, tx } from '../../i18n'
import { Ago, Button, classes, Note } from '../../ui/basics'
import { CopyButton } from '../../ui/iconbutton'
import { Skeleton } from '../../ui/states'
import { OutcomePill, Widenings } from './Violations'
import { expectedText, violationText } from './violation'
import type { Group } from './groups'
import { formatJson, type PayloadLine } from './payload'

/** Longer payloads are cut here; the topic's own page shows them whole. */
const LINES = 60

/** One group: who sent what, where it is wrong, and what can be done. */
export function ViolationPanel({ group, canWrite }: { group: Group; canWrite: boolean }) {
  const { topic, path, nodeId, publisher, last, count, firstAt, validation, violating, healedAt } = group
  const node = useNodeByPath(path ?? undefined)
  const reset = useChange(() => unwrap(api.DELETE('/namespace/nodes/{id}/violations', { params: { path: { id: nodeId } } })), keys.namespace)
  const expected = expectedText(last)
  return (
    <section className="card violation-panel" aria-label={t('violations.details')} data-testid="violation-panel">
      <div className="card-head violations-head">
        <span className="tag tag-err">{last.code}</span>
        <h2 className="mono">{last.field ?? t('value.payload')}</h2>
        <span className="muted num">{number(count)}×</span>
        <span className="grow" />
        <OutcomePill violating={violating} healedAt={healedAt} />
      </div>
      <dl className="panel-facts">
        <dt>{t('uns.topic')}</dt>
        <dd className="mono strong">{topic}</dd>
        <dt>{t('value.publishedBy')}</dt>
        <dd>
          {publisher.description && <strong>{publisher.description}</strong>} {publisher.clientId && <span className="mono sub">{publisher.clientId}</span>}
        </dd>
        <dt>{t('violations.mode')}</dt>
        <dd>{t(`validation.${validation}`)}</dd>
        <dt>{t('violations.sinceWhen')}</dt>
        <dd title={`${exact(firstAt)} – ${exact(last.at)}`}>{tx('violations.sinceLast', { first: moment(firstAt), last: <Ago key="l" time={last.at} every={1_000} /> })}</dd>
      </dl>
      <Payload group={group} />
      <dl className="panel-facts">
        {expected && (
          <>
            <dt>{t('violations.expected')}</dt>
            <dd className="strong">{expected}</dd>
          </>
        )}
        <dt>{t('violations.foundIs')}</dt>
        <dd className="down">{expected && last.found !== null ? last.found : violationText(last)}</dd>
      </dl>
      {canWrite && violating && node.data && <Widenings node={node.data} />}
      <div className="panel-actions">
        <Link href={`/uns?${new URLSearchParams({ path: path ?? topic })}`} className="btn btn-plain" data-testid="violation-open">
          {t('violations.open')} <ArrowRight size={15} aria-hidden />
        </Link>
        {canWrite && (
          <Button icon={<RotateCcw size={16} aria-hidden />} busy={reset.isPending} onClick={() => reset.mutate(undefined)} title={t('violations.resetText')} data-testid="violation-reset">
            {t('violations.reset')}
          </Button>
        )}
      </div>
      {reset.isError && <Note tone="err">{reset.error.message}</Note>}
    </section>
  )
}

/** Whether a line is the field that is wrong. */
function isField(line: PayloadLine, field: string | null): boolean {
  if (field === null || line.key === undefined) return false
  const key = line.key.replace(/^"|"$/g, '')
  return key === field || field.endsWith(`.${key}`)
}

/** The payload of the latest message, if it is still the one that did not fit. */
function Payload({ group: { topic, last } }: { group: Group }) {
  const loaded = useValue(topic)
  const value = loaded.data
  const lines = useMemo(() => (value?.raw && value.rawEncoding === 'text' && !value.truncated ? formatJson(value.raw) : undefined), [value])
  if (loaded.isPending) return <Skeleton lines={4} />
  const same = value?.lastViolation && value.violationsInARow > 0 && value.lastViolation.code === last.code && value.lastViolation.field === last.field
  if (!value || !same || value.raw === null) return <p className="panel-note sub small">{t('violations.payloadGone')}</p>
  return (
    <div className="panel-payload">
      <div className="row between">
        <h3 className="dialog-section">{t('value.payload')}</h3>
        <span className="muted small num">{value.receivedAt && moment(value.receivedAt)}</span>
        <span className="grow" />
        <CopyButton text={value.raw} label={t('copy.payload')} />
      </div>
      <div className="payload mono" tabIndex={0} role="group" aria-label={t('value.payload')}>
        {lines ? (
          lines.slice(0, LINES).map((line, index) => {
            const wrong = isField(line, last.field)
            return (
              <div key={index} className={classes('payload-line', wrong && 'wrong')}>
                <span style={{ paddingLeft: line.depth * 16 }}>
                  {line.key !== undefined && (
                    <>
                      <span className="json-key">{line.key}</span>
                      {': '}
                    </>
                  )}
                  <span className={wrong ? 'wrong-value' : `json-${line.kind}`}>{line.text}</span>
                  {line.comma && ','}
                </span>
                {wrong && <span className="sr"> {violationText(last)}</span>}
              </div>
            )
          })
        ) : (
          <pre className="payload-raw">{value.raw.slice(0, 2_000)}</pre>
        )}
      </div>
    </div>
  )
}
