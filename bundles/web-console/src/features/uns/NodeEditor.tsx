import { useRef, useState } from 'react'
import { api, ApiError, unwrap, type Schemas } from '../../api/client'
import { keys, useChange, useNodeByPath } from '../../api/queries'
import { bytes, number, t, tx } from '../../i18n'
import { Button, Field, Input, Note, Segments, Select, TextArea } from '../../ui/basics'
import { Dialog } from '../../ui/overlays'
import { toast } from '../../ui/toast'
import { FieldsEditor } from './FieldsEditor'
import { boundText, cleanName, draftOf, fieldOf, fieldProblem, staleText, topicFor, wholeOrNull, type FieldDraft } from './model'
import { TemplateChoice, type Pin } from './TemplateChoice'
import { usePathProblem } from './usePathProblem'

type Node = Schemas['Node']
type TopicType = Schemas['TopicType']

export type EditorTarget = { mode: 'new'; type: Schemas['NodeType']; parent: string } | { mode: 'edit'; node: Node }

interface Props {
  target: EditorTarget
  onClose: () => void
  onSaved: (node: Node) => void
}

/** A number as it stands in its input; empty if there is none. */
const typed = (value: number | null | undefined) => (value == null ? '' : String(value))

const FOLDERS: Record<string, TopicType> = { Metric: 'METRIC', State: 'STATE', Action: 'ACTION' }

/** Makes or changes a path or a topic with its model. */
export function NodeEditor({ target, onClose, onSaved }: Props) {
  const old = target.mode === 'edit' ? target.node : undefined
  const type = target.mode === 'edit' ? target.node.type : target.type
  const topic = type === 'TOPIC'
  const [parent, setParent] = useState(target.mode === 'new' ? target.parent : '')
  const [name, setName] = useState(old?.name ?? '')
  const [topicType, setTopicType] = useState<TopicType>(old?.topicType ?? (target.mode === 'new' ? FOLDERS[target.parent.split('/').at(-1)!] : undefined) ?? 'METRIC')
  const [displayName, setDisplayName] = useState(old?.displayName ?? '')
  const [description, setDescription] = useState(old?.description ?? '')
  const [labels, setLabels] = useState((old?.labels ?? []).join(', '))
  const [pin, setPin] = useState<Pin | undefined>(old?.model?.templateId && old.model.templateVersion ? { id: old.model.templateId, version: old.model.templateVersion } : undefined)
  // Those of the template cannot be changed here.
  const [fields, setFields] = useState<FieldDraft[]>(() => (old?.model?.fields ?? []).slice(old?.model?.templateFields ?? 0).map(draftOf))
  const [format, setFormat] = useState<Schemas['PayloadFormat'] | undefined>(old?.payloadFormat ?? undefined)
  const [unknown, setUnknown] = useState<NonNullable<Schemas['Model']['unknownFields']> | ''>(old?.model?.unknownFields ?? 'ALLOW')
  const [quality, setQuality] = useState(old?.model?.quality ?? '')
  const [validation, setValidation] = useState<Schemas['ValidationMode'] | ''>(old?.validation ?? '')
  const [topicPolicy, setTopicPolicy] = useState<Schemas['TopicPolicy'] | ''>(old?.topicPolicy ?? '')
  const [staleAfter, setStaleAfter] = useState(typed(old?.staleAfterSeconds))
  const [maxPayload, setMaxPayload] = useState(typed(old?.maxPayloadBytes))
  const [maxRate, setMaxRate] = useState(typed(old?.maxMessagesPerSecond))
  const [closeOnReject, setCloseOnReject] = useState<'' | 'yes' | 'no'>(old?.closeOnReject == null ? '' : old.closeOnReject ? 'yes' : 'no')
  const [wireTopic, setWireTopic] = useState(old?.wireTopic ?? '')
  const [timeZone, setTimeZone] = useState(old?.timeZone ?? '')
  const [tried, setTried] = useState(false)
  const first = useRef<HTMLInputElement>(null)
  const parentPath = old ? old.path.slice(0, Math.max(0, old.path.lastIndexOf('/'))) : target.mode === 'new' ? target.parent : ''
  const above = useNodeByPath(parentPath || undefined).data?.effective

  const mode = validation || above?.validation.value

  const clean = (path: string) => cleanName(path).replace(/^\/+|\/+$/g, '')
  const whole = old ? cleanName(name) : topic ? topicFor(clean(parent), cleanName(name), topicType) : [clean(parent), cleanName(name)].filter(Boolean).join('/')
  const problem = usePathProblem(whole)
  const nameProblem = name.trim() === '' ? t('required') : topic && name.includes('/') ? t('name.slash') : whole === old?.name ? undefined : problem

  const meta = () => ({
    displayName: displayName.trim() || null,
    description: description.trim() || null,
    labels: labels
      .split(',')
      .map((label) => label.trim())
      .filter(Boolean),
    validation: validation || null,
    ...(topic ? {} : { topicPolicy: topicPolicy || null }),
    staleAfterSeconds: wholeOrNull(staleAfter),
    maxPayloadBytes: wholeOrNull(maxPayload),
    maxMessagesPerSecond: wholeOrNull(maxRate),
    closeOnReject: closeOnReject === '' ? null : closeOnReject === 'yes',
    timeZone: timeZone.trim() || null,
    ...(topic
      ? {
          ...(old ? {} : { topicType }),
          model: {
            templateId: pin?.id ?? null,
            ...(pin ? { templateVersion: pin.version } : {}),
            fields: fields.map(fieldOf),
            // A template says it for those who say nothing themselves.
            ...(pin && unknown === '' ? {} : { unknownFields: unknown || 'ALLOW' }),
            quality: pin || fields.length > 0 ? quality.trim() || null : null,
          },
          ...(format ? { payloadFormat: format } : {}),
          ...(wireTopic === (old?.wireTopic ?? '') ? {} : { wireTopic: wireTopic || null }),
        }
      : {}),
  })
  const save = useChange(
    (): Promise<Node> =>
      old
        ? unwrap(
            api.PATCH('/namespace/nodes/{id}', {
              params: { path: { id: old.id }, header: { 'If-Match': `"${old.revision}"` } },
              body: { ...(cleanName(name) === old.name ? {} : { name: cleanName(name) }), ...meta() },
            }),
          )
        : unwrap(api.POST('/namespace/nodes', { body: { type, path: whole, ...meta() } })),
    keys.namespace,
  )
  const error = save.error instanceof ApiError ? save.error : undefined
  const pathError = error?.field('path') ?? error?.field('name')
  const submit = () => {
    setTried(true)
    if (nameProblem || save.isPending || (topic && fields.some((field) => fieldProblem(field, fields, topicType === 'METRIC')))) return
    save.mutate(undefined, {
      onSuccess: (node) => {
        toast({ kind: 'ok', text: t('saved', { name: node.path }) })
        onSaved(node)
      },
    })
  }
  return (
    <Dialog
      open
      onClose={onClose}
      size={topic ? 'xl' : 'm'}
      title={old ? (topic ? t('uns.editModel') : t('uns.editPath')) : topic ? t('uns.newTopic') : t('uns.newPath')}
      description={old ? <span className="mono">{old.path}</span> : topic ? t('editor.topicText') : t('editor.pathText')}
      onSubmit={submit}
      initialFocus={first}
      failure={save.error}
      testId="node-editor"
      footer={
        <>
          <span className="grow" />
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" variant="primary" busy={save.isPending} data-testid="node-save">
            {t('save')}
          </Button>
        </>
      }
    >
      {error && !pathError && (
        <Note tone="err" testId="node-error">
          {error.name === 'revision-mismatch' ? t('error.changedMeanwhile') : error.message}
        </Note>
      )}
      <div className="columns">
        {!old && topic && (
          <Field label={t('editor.parent')} hint={t('editor.parentHint')}>
            {(props) => <Input {...props} mono value={parent} placeholder="Enterprise/Site/Area/Line" onChange={(event) => setParent(event.target.value)} data-testid="node-parent" />}
          </Field>
        )}
        {!old && !topic && parent !== '' && (
          <Field label={t('editor.below')} hint={t('editor.belowHint')}>
            {(props) => <Input {...props} mono value={parent} onChange={(event) => setParent(event.target.value)} data-testid="node-parent" />}
          </Field>
        )}
        <Field label={topic ? t('editor.name') : t('uns.path')} hint={!topic && !old ? t('editor.pathHint') : undefined} error={(tried || name !== '' ? nameProblem : undefined) ?? pathError}>
          {(props) => (
            <Input {...props} ref={first} mono value={name} placeholder={topic ? 'process' : 'AuroraDairy/Lyon'} onFocus={(event) => old && event.currentTarget.select()} onChange={(event) => setName(event.target.value)} data-testid="node-name" />
          )}
        </Field>
      </div>
      {topic && !old && (
        <p className="preview" data-testid="node-topic-preview">
          {tx('editor.preview', { topic: <code key="t" className="mono strong">{name.trim() ? whole : topicFor(clean(parent), '…', topicType)}</code> })}
        </p>
      )}
      {topic && !old && (
        <Segments
          label={t('editor.type')}
          value={topicType}
          onChange={setTopicType}
          options={(['METRIC', 'STATE', 'ACTION'] as const).map((value) => ({ value, label: t(`type.${value}`), hint: t(`type.${value}.hint`) }))}
        />
      )}
      <div className="columns">
        <Field label={t('field.displayName')}>{(props) => <Input {...props} maxLength={128} value={displayName} onChange={(event) => setDisplayName(event.target.value)} data-testid="node-display-name" />}</Field>
        <Field label={t('uns.labels')} hint={t('editor.labelsHint')}>{(props) => <Input {...props} value={labels} onChange={(event) => setLabels(event.target.value)} />}</Field>
      </div>
      <Field label={t('field.description')}>{(props) => <TextArea {...props} rows={2} maxLength={1000} value={description} onChange={(event) => setDescription(event.target.value)} />}</Field>
      {topic && (
        <TemplateChoice
          pin={pin}
          onChange={(next) => {
            // As the template says, until somebody says otherwise.
            if (next?.id !== pin?.id) setUnknown(next ? '' : 'ALLOW')
            setPin(next)
          }}
        />
      )}
      {topic && <FieldsEditor title={pin ? t('templates.overlay') : undefined} fields={fields} onChange={setFields} metric={topicType === 'METRIC'} tried={tried} onFormat={setFormat} onQuality={setQuality} />}
      {topic && (
        <Field label={t('uns.wireTopic')} hint={t('editor.wireTopicHint')} error={error?.field('wireTopic')}>
          {(props) => <Input {...props} mono value={wireTopic} placeholder={old ? old.path : whole} onChange={(event) => setWireTopic(event.target.value)} data-testid="node-wire-topic" />}
        </Field>
      )}
      <div className="columns columns-3">
        <Field label={t('uns.validation')} hint={validation !== '' ? t(`violations.note.${validation}`) : above ? t('inherit.as', { value: t(`validation.${above.validation.value}`) }) : undefined}>
          {(props) => (
            <Select {...props} value={validation} onChange={(event) => setValidation(event.target.value as typeof validation)} data-testid="node-validation">
              <option value="">{t('validation.inherit')}</option>
              {(['OFF', 'OBSERVE', 'ANNOTATE', 'QUARANTINE', 'REJECT'] as const).map((value) => (
                <option key={value} value={value}>
                  {t(`validation.${value}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {mode === 'REJECT' && (
          <Field label={t('uns.closeOnReject')} hint={closeOnReject === '' && above ? t('inherit.as', { value: t(above.closeOnReject.value ? 'yes' : 'no') }) : t('editor.closeHint')}>
            {(props) => (
              <Select {...props} value={closeOnReject} onChange={(event) => setCloseOnReject(event.target.value as typeof closeOnReject)} data-testid="node-close">
                <option value="">{t('validation.inherit')}</option>
                <option value="yes">{t('yes')}</option>
                <option value="no">{t('no')}</option>
              </Select>
            )}
          </Field>
        )}
        {!topic && (
          <Field label={t('uns.topicPolicy')} hint={above && topicPolicy === '' ? t('inherit.as', { value: t(`topicPolicy.${above.topicPolicy.value}`) }) : undefined}>
            {(props) => (
              <Select {...props} value={topicPolicy} onChange={(event) => setTopicPolicy(event.target.value as typeof topicPolicy)} data-testid="node-topic-policy">
                <option value="">{t('validation.inherit')}</option>
                {(['ALLOW', 'AUTO_CREATE', 'DENY'] as const).map((value) => (
                  <option key={value} value={value}>
                    {t(`topicPolicy.${value}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
        {topic && (
          <Field label={t('editor.unknown')}>
            {(props) => (
              <Select {...props} value={unknown} onChange={(event) => setUnknown(event.target.value as typeof unknown)}>
                {pin && <option value="">{t('templates.asTemplate')}</option>}
                {(['ALLOW', 'WARN', 'DENY'] as const).map((value) => (
                  <option key={value} value={value}>
                    {t(`unknown.${value}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
        {topic && (pin || fields.length > 0) && (
          <Field label={t('editor.quality')} hint={t('editor.qualityHint')}>
            {(props) => <Input {...props} mono maxLength={255} value={quality} onChange={(event) => setQuality(event.target.value)} data-testid="node-quality" />}
          </Field>
        )}
        <Field label={t('uns.staleAfter')} hint={t('editor.staleHint')}>
          {(props) => <Input {...props} type="number" min={0} value={staleAfter} placeholder={above ? t('inherit.as', { value: staleText(above.staleAfterSeconds.value) }) : t('validation.inherit')} onChange={(event) => setStaleAfter(event.target.value)} />}
        </Field>
        <Field label={t('uns.timeZone')} hint={t('editor.timeZoneHint')}>
          {(props) => <Input {...props} mono maxLength={64} value={timeZone} placeholder={above?.timeZone.value ?? t('validation.inherit')} onChange={(event) => setTimeZone(event.target.value)} data-testid="node-time-zone" />}
        </Field>
        <Field label={t('uns.maxPayload')} hint={t('editor.maxPayloadHint')} error={error?.field('maxPayloadBytes')}>
          {(props) => <Input {...props} type="number" min={0} value={maxPayload} placeholder={above ? t('inherit.as', { value: boundText(above.maxPayloadBytes.value, bytes) }) : t('validation.inherit')} onChange={(event) => setMaxPayload(event.target.value)} data-testid="node-max-payload" />}
        </Field>
        <Field label={t('uns.maxRate')} hint={t('editor.maxRateHint')} error={error?.field('maxMessagesPerSecond')}>
          {(props) => <Input {...props} type="number" min={0} value={maxRate} placeholder={above ? t('inherit.as', { value: boundText(above.maxMessagesPerSecond.value, number) }) : t('validation.inherit')} onChange={(event) => setMaxRate(event.target.value)} data-testid="node-max-rate" />}
        </Field>
      </div>
    </Dialog>
  )
}
