import { useRef, useState } from 'react'
import { api, ApiError, unwrap, type Schemas } from '../../api/client'
import { keys, useChange } from '../../api/queries'
import { number, t, tn } from '../../i18n'
import { Button, Field, Input, Note, Select, TextArea } from '../../ui/basics'
import { Dialog } from '../../ui/overlays'
import { toast } from '../../ui/toast'
import { FieldsEditor } from './FieldsEditor'
import { cleanName, draftOf, fieldOf, fieldProblem, type FieldDraft } from './model'

type Template = Schemas['Template']
type Unknown = NonNullable<Schemas['Model']['unknownFields']>

export type TemplateTarget = { mode: 'new' } | { mode: 'version'; template: Template; version: Schemas['TemplateVersion'] } | { mode: 'describe'; template: Template }

interface Props {
  target: TemplateTarget
  onClose: () => void
  onSaved: (id: string) => void
}

/** Makes a template, publishes a version of one, or changes what describes it. */
export function TemplateEditor({ target, onClose, onSaved }: Props) {
  const template = target.mode === 'new' ? undefined : target.template
  const model = target.mode === 'version' ? target.version.model : undefined
  const describes = target.mode !== 'version'
  const hasFields = target.mode !== 'describe'
  const [name, setName] = useState(template?.name ?? '')
  const [description, setDescription] = useState(template?.description ?? '')
  const [labels, setLabels] = useState((template?.labels ?? []).join(', '))
  const [fields, setFields] = useState<FieldDraft[]>(() => (model?.fields ?? []).map(draftOf))
  const [unknown, setUnknown] = useState<Unknown>(model?.unknownFields ?? 'WARN')
  const [quality, setQuality] = useState(model?.quality ?? '')
  const [numberText, setNumber] = useState('')
  const [note, setNote] = useState('')
  const [tried, setTried] = useState(false)
  const first = useRef<HTMLInputElement>(null)

  const facts = () => ({
    name: cleanName(name),
    description: description.trim() || null,
    labels: labels
      .split(',')
      .map((label) => label.trim())
      .filter(Boolean),
  })
  const draft = () => ({ fields: fields.map(fieldOf), unknownFields: unknown, quality: quality.trim() || null })
  const version = () => ({ ...draft(), note: note.trim() || null, ...(numberText.trim() ? { version: numberText.trim() } : {}) })
  const save = useChange(async (): Promise<{ id: string; text: string }> => {
    if (target.mode === 'new') {
      const made = await unwrap(api.POST('/templates', { body: { ...facts(), ...version() } }))
      return { id: made.id, text: t('saved', { name: made.name }) }
    }
    const params = { path: { id: target.template.id }, header: { 'If-Match': `"${target.template.revision}"` } }
    if (target.mode === 'describe') {
      const changed = await unwrap(api.PATCH('/templates/{id}', { params, body: facts() }))
      return { id: changed.id, text: t('saved', { name: changed.name }) }
    }
    const made = await unwrap(api.POST('/templates/{id}/versions', { params, body: version() }))
    return { id: made.templateId, text: t('templates.published', { name: made.name, version: made.version }) }
  }, keys.namespace)
  const look = useChange(() => unwrap(api.POST('/templates/{id}/impact', { params: { path: { id: template!.id } }, body: draft() })))
  const error = save.error instanceof ApiError ? save.error : undefined
  const nameProblem = describes && cleanName(name) === '' ? t('required') : undefined
  const wrong = () => nameProblem !== undefined || (hasFields && fields.some((field) => fieldProblem(field, fields)))
  const submit = () => {
    setTried(true)
    if (wrong() || save.isPending) return
    save.mutate(undefined, {
      onSuccess: ({ id, text }) => {
        toast({ kind: 'ok', text })
        onSaved(id)
      },
    })
  }
  return (
    <Dialog
      open
      onClose={onClose}
      size={hasFields ? 'xl' : 'm'}
      title={target.mode === 'new' ? t('templates.new') : target.mode === 'version' ? t('templates.newVersion') : t('templates.describe')}
      description={target.mode === 'version' ? t('templates.versionText', { name: target.template.name, version: target.version.version }) : target.mode === 'new' ? t('templates.newText') : undefined}
      onSubmit={submit}
      initialFocus={first}
      failure={save.error}
      testId="template-editor"
      footer={
        <>
          {target.mode === 'version' && target.template.topics > 0 && (
            <Button busy={look.isPending} onClick={() => (wrong() ? setTried(true) : look.mutate(undefined))} data-testid="template-look">
              {t('templates.look')}
            </Button>
          )}
          <span className="grow" />
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" variant="primary" busy={save.isPending} data-testid="template-save">
            {target.mode === 'describe' ? t('save') : t('templates.publish')}
          </Button>
        </>
      }
    >
      {error && !error.field('name') && !error.field('version') && (
        <Note tone="err" testId="template-error">
          {error.name === 'revision-mismatch' ? t('error.changedMeanwhile') : error.message}
        </Note>
      )}
      {describes && (
        <>
          <div className="columns">
            <Field label={t('field.name')} error={(tried ? nameProblem : undefined) ?? error?.field('name')}>
              {(props) => <Input {...props} ref={first} maxLength={128} value={name} placeholder="PressMetrics" onChange={(event) => setName(event.target.value)} data-testid="template-name" />}
            </Field>
            <Field label={t('uns.labels')} hint={t('editor.labelsHint')}>
              {(props) => <Input {...props} value={labels} onChange={(event) => setLabels(event.target.value)} />}
            </Field>
          </div>
          <Field label={t('field.description')}>{(props) => <TextArea {...props} rows={2} maxLength={1000} value={description} onChange={(event) => setDescription(event.target.value)} />}</Field>
        </>
      )}
      {hasFields && (
        <>
          <FieldsEditor fields={fields} onChange={setFields} metric={false} tried={tried} onQuality={setQuality} />
          <div className="columns columns-3">
            <Field label={t('editor.unknown')} hint={t('templates.unknownHint')}>
              {(props) => (
                <Select {...props} value={unknown} onChange={(event) => setUnknown(event.target.value as Unknown)}>
                  {(['ALLOW', 'WARN', 'DENY'] as const).map((value) => (
                    <option key={value} value={value}>
                      {t(`unknown.${value}`)}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
            <Field label={t('templates.version')} hint={t('templates.versionHint')} error={error?.field('version')}>
              {(props) => <Input {...props} mono maxLength={20} value={numberText} placeholder={target.mode === 'new' ? '1.0.0' : t('templates.versionAuto')} onChange={(event) => setNumber(event.target.value)} data-testid="template-number" />}
            </Field>
            <Field label={t('templates.note')}>{(props) => <Input {...props} maxLength={1000} value={note} onChange={(event) => setNote(event.target.value)} data-testid="template-note" />}</Field>
          </div>
        </>
      )}
      {look.error && <Note tone="err">{look.error.message}</Note>}
      {look.data && (
        <Note tone={look.data.failing + look.data.refused > 0 ? 'warn' : 'ok'} live testId="template-look-result">
          {t('templates.lookResult', { topics: tn('uns.topics', look.data.total), passing: number(look.data.passing), failing: number(look.data.failing + look.data.refused) })}
        </Note>
      )}
    </Dialog>
  )
}
