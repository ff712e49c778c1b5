import { CircleHelp, Wand2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { api, ApiError, unwrap, type Schemas } from '../../api/client'
import { keys, useChange, useLiveDetail, useValue } from '../../api/queries'
import { t } from '../../i18n'
import { Button, Field, Input, Note, Pill, Segments } from '../../ui/basics'
import { Dialog } from '../../ui/overlays'
import { Empty, Failure, Skeleton } from '../../ui/states'
import { toast } from '../../ui/toast'
import { CopyLine, newest } from './Detail'
import { ExplainButton } from './ExplainButton'
import { FieldsEditor } from './FieldsEditor'
import { Facts, FieldsCard, hasData, PayloadCard } from './Live'
import { cleanName, draftOf, fieldOf, fieldProblem, pathLike, type FieldDraft } from './model'
import { usePathProblem } from './usePathProblem'

interface Props {
  topic: string
  canWrite: boolean
  onConverted: (node: Schemas['Node']) => void
  /** Shows the topic together with those below it; missing if there are none. */
  onBranch?: (() => void) | undefined
}

/** A topic that somebody publishes and nobody modelled: what comes, and the way into the namespace. */
export function UnmodeledDetail({ topic, canWrite, onConverted, onBranch }: Props) {
  const loaded = useValue(topic)
  const current = useLiveDetail(loaded.data?.liveId)
  const value = newest(loaded.data, current)
  const [converting, setConverting] = useState(false)
  if (loaded.isPending) {
    return (
      <div className="page">
        <Skeleton lines={8} />
      </div>
    )
  }
  if (loaded.isError) {
    return (
      <div className="page">
        <div className="card">
          {loaded.error instanceof ApiError && loaded.error.status === 404 ? <Empty icon={<CircleHelp size={22} />} title={t('uns.gone.title')} /> : <Failure error={loaded.error} retry={loaded.refetch} />}
        </div>
      </div>
    )
  }
  return (
    <article className="page detail" aria-label={topic} data-testid="unmodeled-detail">
      <p className="breadcrumb muted">{t('uns.unmodeled')}</p>
      <header className="detail-head">
        <span className="path-icon">
          <CircleHelp size={18} aria-hidden />
        </span>
        <h1>{topic.split('/').at(-1) || topic}</h1>
        <Pill tone="warn">{t('value.unmodeled')}</Pill>
        <div className="row page-actions">
          <ExplainButton topic={topic} />
          {canWrite && onBranch && <Button onClick={onBranch}>{t('branch.whole')}</Button>}
          {canWrite && (
            <Button variant="primary" icon={<Wand2 size={16} aria-hidden />} onClick={() => setConverting(true)} data-testid="convert">
              {t('convert')}
            </Button>
          )}
        </div>
      </header>
      <CopyLine label={t('uns.topic')} text={topic} copyLabel={t('copy.topic')} testId="topic" />
      {hasData(value) && (
        <>
          <Facts value={value} />
          <div className="detail-cards">
            <PayloadCard value={value} />
            <FieldsCard value={value} fields={[]} modeled={false} />
          </div>
        </>
      )}
      {converting && <ConvertDialog topic={topic} onClose={() => setConverting(false)} onConverted={onConverted} />}
    </article>
  )
}

function ConvertDialog({ topic, onClose, onConverted }: { topic: string; onClose: () => void; onConverted: (node: Schemas['Node']) => void }) {
  const [topicType, setTopicType] = useState<Schemas['TopicType']>('METRIC')
  const [displayName, setDisplayName] = useState('')
  const topicProblem = usePathProblem(topic)
  const [own, setOwn] = useState<string>()
  const path = own ?? (topicProblem ? pathLike(topic) : topic)
  const problem = usePathProblem(cleanName(path))
  const [fields, setFields] = useState<FieldDraft[]>([])
  const [format, setFormat] = useState<Schemas['PayloadFormat']>()
  const [quality, setQuality] = useState('')
  const [tried, setTried] = useState(false)
  const { mutate: infer, isPending: inferring, data: proposal } = useChange((body: Schemas['InferRequest']) => unwrap(api.POST('/namespace/infer', { body })))
  useEffect(() => {
    infer(
      { topic },
      {
        onSuccess: (result) => {
          setFields(result.fields.map(draftOf))
          setFormat(result.payloadFormat)
          setQuality(result.quality ?? '')
        },
      },
    )
    // The payloads at the moment the dialog was opened; later ones do not overwrite what is being edited.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [])
  const convert = useChange((body: Schemas['ConvertRequest']) => unwrap(api.POST('/namespace/unmodeled/convert', { body })), keys.namespace)
  return (
    <Dialog
      open
      onClose={onClose}
      size="xl"
      title={t('convert.title')}
      description={<span className="mono">{topic}</span>}
      testId="convert-dialog"
      failure={convert.error}
      onSubmit={() => {
        setTried(true)
        if (convert.isPending || problem || fields.some((field) => fieldProblem(field, fields, topicType === 'METRIC'))) return
        convert.mutate(
          { topic, ...(cleanName(path) === topic ? {} : { path: cleanName(path) }), topicType, displayName: displayName.trim() || null, model: { fields: fields.map(fieldOf), quality: fields.length > 0 ? quality || null : null }, ...(format ? { payloadFormat: format } : {}) },
          {
            onSuccess: (node) => {
              toast({ kind: 'ok', text: t('convert.done', { topic }) })
              onConverted(node)
            },
          },
        )
      }}
      footer={
        <>
          <span className="grow" />
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" variant="primary" busy={convert.isPending} disabled={inferring} data-testid="convert-save">
            {t('convert')}
          </Button>
        </>
      }
    >
      {convert.isError && <Note tone="err">{convert.error.message}</Note>}
      <Segments
        label={t('editor.type')}
        value={topicType}
        onChange={setTopicType}
        options={(['METRIC', 'STATE', 'ACTION'] as const).map((value) => ({ value, label: t(`type.${value}`), hint: t(`type.${value}.hint`) }))}
      />
      {topicProblem && <Note tone="info">{t('convert.noPath', { problem: topicProblem })}</Note>}
      <Field label={t('convert.path')} hint={t('convert.pathHint')} error={problem}>
        {(props) => <Input {...props} mono value={path} onChange={(event) => setOwn(event.target.value)} data-testid="convert-path" />}
      </Field>
      <Field label={t('field.displayName')}>{(props) => <Input {...props} maxLength={128} value={displayName} onChange={(event) => setDisplayName(event.target.value)} />}</Field>
      <FieldsEditor fields={fields} onChange={setFields} metric={topicType === 'METRIC'} tried={tried} onFormat={setFormat} onQuality={setQuality} proposal={proposal} />
    </Dialog>
  )
}
