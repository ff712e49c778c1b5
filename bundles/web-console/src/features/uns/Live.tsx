import { Pause, Play } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import type { Schemas } from '../../api/client'
import { bytes, number, rate, t } from '../../i18n'
import { Age, Ago, classes } from '../../ui/basics'
import { CopyButton, IconButton } from '../../ui/iconbutton'
import { TableScroll } from '../../ui/tablescroll'
import { change, formatJson, valuesOf, type PayloadLine } from './payload'
import { qualityCode, QualityDot, reasonText } from './icons'
import { unitSign } from './units'
import { violationText } from './violation'

type Value = Schemas['Value']
type Field = Schemas['Field']

export function hasData(value: Value | undefined): value is Value {
  return value !== undefined && value.receivedAt !== null
}

interface Shown {
  value: Value
  lines: PayloadLine[] | undefined
  values: Map<string, string>
  before: Map<string, string> | undefined
}

/** The latest payload line by line; what changed since the one before is marked, numbers with their difference. */
export function PayloadCard({ value }: { value: Value }) {
  const [paused, setPaused] = useState<Value>()
  const last = useRef<Shown>(undefined)
  const current = paused ?? value
  const shown = useMemo(() => {
    const previous = last.current
    if (previous && previous.value.messages === current.messages && previous.value.receivedAt === current.receivedAt) return previous
    const lines = current.rawEncoding === 'text' && current.raw !== null && !current.truncated ? formatJson(current.raw) : undefined
    const next: Shown = { value: current, lines, values: lines ? valuesOf(lines) : new Map(), before: previous?.values }
    last.current = next
    return next
  }, [current])
  return (
    <section className="card" aria-labelledby="payload-title">
      <div className="card-head">
        <h2 id="payload-title">{t('value.payload')}</h2>
        <span className="card-note">
          {current.receivedAt && <Ago time={current.receivedAt} every={1_000} />} · {bytes(current.bytes)}
        </span>
        <span className="grow" />
        <IconButton
          label={paused ? t('value.resume') : t('value.pause')}
          icon={paused ? <Play size={16} aria-hidden /> : <Pause size={16} aria-hidden />}
          pressed={paused !== undefined}
          onClick={() => setPaused(paused ? undefined : value)}
          data-testid="payload-pause"
        />
        <CopyButton text={current.raw ?? ''} label={t('copy.payload')} testId="copy-payload" />
      </div>
      <div className="payload mono" data-testid="live-payload" tabIndex={0} role="group" aria-label={t('value.payload')}>
        {shown.lines ? (
          shown.lines.map((line, index) => {
            const changed = change(line, shown.before)
            return (
              // The counter in the key starts the mark's animation anew with every message.
              <div key={changed === undefined ? index : `${index}/${current.messages}`} className={classes('payload-line', changed !== undefined && 'changed')} data-changed={changed !== undefined || undefined}>
                <span style={{ paddingLeft: line.depth * 16 }}>
                  {line.key !== undefined && (
                    <>
                      <span className="json-key">{line.key}</span>
                      {': '}
                    </>
                  )}
                  <span className={`json-${line.kind}`}>{line.text}</span>
                  {line.comma && ','}
                </span>
                {changed && <span className="delta">{changed}</span>}
              </div>
            )
          })
        ) : (
          <pre className="payload-raw">{current.raw ?? ''}</pre>
        )}
        {current.rawEncoding === 'base64' && <p className="muted">{t('value.base64')}</p>}
        {current.truncated && <p className="muted">{t('value.truncated')}</p>}
      </div>
    </section>
  )
}

/** A field's value as text; texts without quotes. */
function fieldText(value: unknown, decimals: number | null | undefined): string {
  if (value === undefined || value === null) return '—'
  if (typeof value === 'number' && decimals != null) return value.toFixed(decimals)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What may not fit into its cell, for the hover text. */
function longText(value: unknown): string | undefined {
  const text = fieldText(value, undefined)
  return text.length > 24 ? text.slice(0, 4_000) : undefined
}

/** Attribute, value, unit, quality and time of each field. */
export function FieldsCard({ value, fields, modeled }: { value: Value | undefined; fields: Field[]; modeled: boolean }) {
  const models = new Map(fields.map((field) => [field.name, field]))
  const rows: Schemas['FieldValue'][] = value?.fields.length
    ? value.fields
    : fields.map((field) => ({ name: field.name, quality: 'GoodNoData' as const, reason: null, timestamp: null, modeled: true, violation: null }))
  return (
    <section className="card table-card" aria-labelledby="fields-title">
      <div className="card-head">
        <h2 id="fields-title">{t('value.fields')}</h2>
        <span className="card-note">{modeled ? t('value.fieldCount', { n: fields.length }) : t('value.unmodeled')}</span>
      </div>
      {rows.length === 0 ? (
        <p className="card-empty">{t('value.noFields')}</p>
      ) : (
        <TableScroll label={t('value.fields')}>
          <table aria-label={t('value.fields')} data-testid="fields-table">
            <thead>
              <tr>
                <th scope="col">{t('value.attribute')}</th>
                <th scope="col" className="numeric">
                  {t('value.value')}
                </th>
                <th scope="col">{t('value.quality')}</th>
                <th scope="col" className="from-2">
                  {t('value.lastUpdate')}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row, index) => {
                const model = models.get(row.name)
                const code = qualityCode(row.quality)
                return (
                  <tr key={`${index}/${row.name}`} data-testid={`field-${row.name}`}>
                    <td>
                      <div className="two-lines">
                        <span className="mono strong">{row.name}</span>
                        <span className="muted small">
                          {model ? `${model.type.toLowerCase()}${limits(model)}` : modeled ? t('value.notInModel') : ''}
                          {model?.required ? ` · ${t('field.required')}` : ''}
                        </span>
                      </div>
                    </td>
                    <td className={classes('numeric', longText(row.value) && 'field-value')}>
                      <span className="mono" title={longText(row.value)} data-testid={`value-${row.name}`}>
                        {fieldText(row.value, model?.decimals)}
                      </span>
                      {model?.unit && <span className="sub"> {unitSign(model.unit)}</span>}
                    </td>
                    <td>
                      <span className="with-dot" title={row.violation ? violationText(row.violation) : undefined}>
                        <QualityDot quality={code} />
                        <span data-testid={`quality-${row.name}`}>{t(`quality.${code ?? 'N'}`)}</span>
                        {row.violation && <span className="tag tag-err">{row.violation.code}</span>}
                      </span>
                      {row.reason && !row.violation && (
                        <span className="muted small reason" data-testid={`reason-${row.name}`}>
                          {reasonText(row.reason)}
                        </span>
                      )}
                      {row.timestamp && (
                        <span className="muted small num only-narrow">
                          <Age time={row.timestamp} />
                        </span>
                      )}
                    </td>
                    <td className="sub num from-2" data-testid={`age-${row.name}`}>
                      {row.timestamp ? <Age time={row.timestamp} /> : '—'}
                    </td>
                  </tr>
                )
              })}
            </tbody>
          </table>
        </TableScroll>
      )}
    </section>
  )
}

function limits(field: Field): string {
  const { min, max } = field
  const unit = unitSign(field.unit)
  if (min != null && max != null) return ` · ${t('field.range', { min: String(min), max: String(max) })}${unit ? ` ${unit}` : ''}`
  if (min != null) return ` · ≥ ${min}`
  if (max != null) return ` · ≤ ${max}`
  if (field.enum?.length) return ` · ${t('field.values', { n: field.enum.length })}`
  if (field.maxLength != null) return ` · ≤ ${field.maxLength}`
  return ''
}

/** One line of facts: who published, how often, how. */
export function Facts({ value }: { value: Value }) {
  const facts: [string, React.ReactNode, string?][] = [
    [
      t('value.publishedBy'),
      value.publisher ? (
        <span title={value.publisher.clientId}>
          {value.publisher.description || value.publisher.clientId}
          {value.publisher.address && <span className="muted mono"> {value.publisher.address}</span>}
        </span>
      ) : (
        '—'
      ),
      'published-by',
    ],
    [t('value.measured'), value.timestamp ? <Age time={value.timestamp} /> : '—', 'fact-age'],
    [t('value.rate'), t('value.perSecond', { rate: rate(value.perSecond) })],
    ['QoS', String(value.qos), 'fact-qos'],
    [t('value.retained'), value.retain ? t('yes') : t('no')],
    [t('value.messages'), number(value.messages)],
    ...(value.late > 0 ? ([[t('value.late'), <span title={t('value.lateHint')}>{number(value.late)}</span>, 'fact-late']] as [string, React.ReactNode, string][]) : []),
  ]
  return (
    <dl className="facts">
      {facts.map(([name, content, testId]) => (
        <div key={name} data-testid={testId}>
          <dt>{name}</dt>
          <dd className="num">{content}</dd>
        </div>
      ))}
    </dl>
  )
}
