import { ChevronDown, Plus, ScanText, Trash2 } from 'lucide-react'
import { useId, useState } from 'react'
import { api, unwrap, type Schemas } from '../../api/client'
import { useChange } from '../../api/queries'
import { t, tn } from '../../i18n'
import { whyText } from '../../i18n/why'
import { Button, classes, Field, Input, Note, Select, TextArea } from '../../ui/basics'
import { IconButton } from '../../ui/iconbutton'
import { draftOf, emptyField, fieldProblem, isNumber, MORE_TYPES, SIMPLE_TYPES, type FieldDraft, type FieldType } from './model'
import { UNIT_CODES, unitSign } from './units'

interface Props {
  /** What the fields are, if they are not all that a topic has. */
  title?: string | undefined
  fields: FieldDraft[]
  onChange: (fields: FieldDraft[]) => void
  /** State and Action topics may have nested and binary fields. */
  metric: boolean
  tried: boolean
  onFormat?: (format: Schemas['PayloadFormat']) => void
  onQuality?: (quality: string) => void
  /** Where the fields come from, if they were proposed. */
  proposal?: Schemas['InferResult'] | undefined
  sample?: string
}

/** The model: by hand (Pre-defined) or from a sample (Auto Parsing). */
export function FieldsEditor({ title = t('model.fields'), fields, onChange, metric, tried, onFormat, onQuality, proposal, sample = '' }: Props) {
  const [source, setSource] = useState<'defined' | 'parsed'>(sample ? 'parsed' : 'defined')
  return (
    <section className="model-editor" aria-label={title}>
      <div className="row between">
        <h3>{title}</h3>
        <div className="toggle" role="group" aria-label={t('model.source')}>
          <button type="button" aria-pressed={source === 'defined'} onClick={() => setSource('defined')} data-testid="model-predefined">
            {t('model.predefined')}
          </button>
          <button type="button" aria-pressed={source === 'parsed'} onClick={() => setSource('parsed')} data-testid="model-auto-parsing">
            {t('model.autoParsing')}
          </button>
        </div>
      </div>
      {source === 'parsed' && (
        <AutoParsing
          sample={sample}
          onFields={(result) => {
            onChange(result.fields.map(draftOf))
            onFormat?.(result.payloadFormat)
            onQuality?.(result.quality ?? '')
          }}
        />
      )}
      {source === 'defined' && proposal && (
        <>
          {proposal.fields.length > 0 && <p className="sub">{tn('model.readOff', proposal.payloads)}</p>}
          <Notes result={proposal} />
        </>
      )}
      <FieldRows fields={fields} onChange={onChange} metric={metric} tried={tried} />
    </section>
  )
}

function AutoParsing({ sample, onFields }: { sample: string; onFields: (result: Schemas['InferResult']) => void }) {
  const [text, setText] = useState(sample)
  const infer = useChange((body: Schemas['InferRequest']) => unwrap(api.POST('/namespace/infer', { body })))
  const parse = () => infer.mutate({ sample: text }, { onSuccess: onFields })
  return (
    <div className="parsing">
      <Field label={t('model.sample')} hint={t('model.sampleHint')} error={infer.error ? infer.error.message : undefined}>
        {(props) => <TextArea {...props} mono rows={5} value={text} placeholder={'{"product_temp_c": 72.41, "running": true}'} onChange={(event) => setText(event.target.value)} data-testid="model-sample" />}
      </Field>
      <div className="row">
        <Button icon={<ScanText size={16} aria-hidden />} busy={infer.isPending} disabled={text.trim() === ''} onClick={parse} data-testid="model-parse">
          {t('model.parse')}
        </Button>
        <span className="sub" role="status">
          {infer.data && tn('model.found', infer.data.fields.length)}
        </span>
      </div>
      {infer.data && <Notes result={infer.data} />}
    </div>
  )
}

/** What was left out of a proposal, and why. */
function Notes({ result }: { result: Pick<Schemas['InferResult'], 'notes' | 'reasons'> }) {
  const notes = result.notes.map((note, index) => whyText(result.reasons[index], note))
  if (notes.length === 0) return null
  return (
    <Note tone="info" testId="model-notes">
      <ul>
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </Note>
  )
}

function FieldRows({ fields, onChange, metric, tried }: Pick<Props, 'fields' | 'onChange' | 'metric' | 'tried'>) {
  const [open, setOpen] = useState<number>()
  const units = useId()
  const edit = (key: number, part: Partial<FieldDraft>) => onChange(fields.map((field) => (field.key === key ? { ...field, ...part } : field)))
  const types: FieldType[] = metric ? SIMPLE_TYPES : [...SIMPLE_TYPES, ...MORE_TYPES]
  return (
    <>
      <datalist id={units}>
        {UNIT_CODES.map(([code, sign]) => (
          <option key={code} value={code}>
            {sign}
          </option>
        ))}
      </datalist>
      {fields.length > 0 && (
        <div className="field-rows" role="table" aria-label={t('model.fields')} data-testid="model-fields">
          <div className="field-row field-row-head" role="row">
            {(['field.name', 'field.type', 'field.requiredShort', 'field.unit', 'field.min', 'field.max'] as const).map((key) => (
              <span key={key} role="columnheader">
                {t(key)}
              </span>
            ))}
            <span role="columnheader">
              <span className="sr">{t('actions')}</span>
            </span>
          </div>
          {fields.map((field, index) => {
            const problem = tried || field.name !== '' ? fieldProblem(field, fields, metric) : undefined
            const n = index + 1
            const numeric = isNumber(field.type)
            return (
              <div key={field.key} className="field-group" role="rowgroup">
                <div className="field-row" role="row" data-testid={`model-field-${index}`}>
                  <span role="cell" data-label={t('field.name')}>
                    <Input mono aria-label={`${t('field.name')} ${n}`} aria-invalid={problem ? true : undefined} value={field.name} onChange={(event) => edit(field.key, { name: event.target.value })} data-testid={`field-name-${index}`} />
                  </span>
                  <span role="cell" data-label={t('field.type')}>
                    <Select aria-label={`${t('field.type')} ${n}`} value={field.type} onChange={(event) => edit(field.key, { type: event.target.value as FieldType })} data-testid={`field-type-${index}`}>
                      {(types.includes(field.type) ? types : [...types, field.type]).map((type) => (
                        <option key={type}>{type}</option>
                      ))}
                    </Select>
                  </span>
                  <span role="cell" className="center" data-label={t('field.requiredShort')}>
                    <input type="checkbox" aria-label={`${t('field.required')} ${n}`} checked={field.required} onChange={(event) => edit(field.key, { required: event.target.checked })} />
                  </span>
                  <span role="cell" className="unit-cell" data-label={t('field.unit')}>
                    <Input mono list={units} aria-label={`${t('field.unit')} ${n}`} value={field.unit} onChange={(event) => edit(field.key, { unit: event.target.value.toUpperCase() })} data-testid={`field-unit-${index}`} />
                    {unitSign(field.unit) !== field.unit && <span className="suffix">{unitSign(field.unit)}</span>}
                  </span>
                  <span role="cell" data-label={t('field.min')}>
                    <Input mono inputMode="decimal" aria-label={`${t('field.min')} ${n}`} disabled={!numeric} value={numeric ? field.min : ''} onChange={(event) => edit(field.key, { min: event.target.value })} />
                  </span>
                  <span role="cell" data-label={t('field.max')}>
                    <Input mono inputMode="decimal" aria-label={`${t('field.max')} ${n}`} disabled={!numeric} value={numeric ? field.max : ''} onChange={(event) => edit(field.key, { max: event.target.value })} />
                  </span>
                  <span role="cell" className="row">
                    <IconButton
                      label={t('field.more')}
                      aria-expanded={open === field.key}
                      className={classes(open === field.key && 'turned')}
                      icon={<ChevronDown size={16} aria-hidden />}
                      onClick={() => setOpen(open === field.key ? undefined : field.key)}
                    />
                    <IconButton label={t('field.remove', { name: field.name || String(n) })} icon={<Trash2 size={15} aria-hidden />} onClick={() => onChange(fields.filter((other) => other.key !== field.key))} />
                  </span>
                </div>
                {problem && (
                  <div className="field-error" role="alert">
                    {problem}
                  </div>
                )}
                {open === field.key && (
                  <div className="field-more">
                    <Field label={t('field.source')} hint={t('field.sourceHint')}>{(props) => <Input {...props} mono maxLength={1000} value={field.source} placeholder={field.name} onChange={(event) => edit(field.key, { source: event.target.value })} data-testid={`field-source-${index}`} />}</Field>
                    <Field label={t('field.displayName')}>{(props) => <Input {...props} maxLength={128} value={field.displayName} onChange={(event) => edit(field.key, { displayName: event.target.value })} />}</Field>
                    {numeric && <Field label={t('field.decimals')}>{(props) => <Input {...props} type="number" min={0} max={15} value={field.decimals} onChange={(event) => edit(field.key, { decimals: event.target.value })} />}</Field>}
                    {field.type === 'STRING' && (
                      <>
                        <Field label={t('field.maxLength')}>{(props) => <Input {...props} type="number" min={1} value={field.maxLength} onChange={(event) => edit(field.key, { maxLength: event.target.value })} />}</Field>
                        <Field label={t('field.pattern')}>{(props) => <Input {...props} mono value={field.pattern} onChange={(event) => edit(field.key, { pattern: event.target.value })} />}</Field>
                      </>
                    )}
                    {field.type === 'ENUM' && <Field label={t('field.enum')}>{(props) => <Input {...props} value={field.values} placeholder="RUN, STOP, IDLE" onChange={(event) => edit(field.key, { values: event.target.value })} />}</Field>}
                    <Field label={t('field.description')}>{(props) => <Input {...props} maxLength={1000} value={field.description} onChange={(event) => edit(field.key, { description: event.target.value })} />}</Field>
                    <label className="check">
                      <input type="checkbox" checked={field.nullable} onChange={(event) => edit(field.key, { nullable: event.target.checked })} />
                      <span>{t('field.nullable')}</span>
                    </label>
                    <label className="check">
                      <input type="checkbox" checked={field.coerce} onChange={(event) => edit(field.key, { coerce: event.target.checked })} />
                      <span>{t('field.coerce')}</span>
                    </label>
                  </div>
                )}
              </div>
            )
          })}
        </div>
      )}
      {fields.length === 0 && <p className="card-empty">{t('model.none')}</p>}
      <button type="button" className="link" onClick={() => onChange([...fields, emptyField()])} data-testid="add-field">
        <Plus size={13} aria-hidden /> {t('model.addField')}
      </button>
    </>
  )
}
