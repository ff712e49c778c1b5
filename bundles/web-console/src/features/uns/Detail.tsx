import { ChevronRight, CircleCheck, Copy, CopyPlus, Download, FolderInput, FolderPlus, History, Hourglass, Pencil, Send, Tag, Trash2, TriangleAlert } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { Link } from 'wouter'
import { ApiError, type Schemas } from '../../api/client'
import { useLiveDetail, useNodeByPath, useValue } from '../../api/queries'
import { useTemplateVersion } from '../../api/templates'
import { bytes, day, exact, number, t, tn, tx } from '../../i18n'
import { Button, Pill } from '../../ui/basics'
import { copyText, CopyButton } from '../../ui/iconbutton'
import { Menu, type MenuItem } from '../../ui/menu'
import { Empty, Failure, Skeleton } from '../../ui/states'
import { toast } from '../../ui/toast'
import { ChildrenCard } from './Children'
import { DeleteNode } from './DeleteNode'
import { ExampleNote } from './Example'
import { ExplainButton } from './ExplainButton'
import { exportBranch } from './export'
import { PathIcon, reasonText, TypeBadge } from './icons'
import { boundText, staleText } from './model'
import { Facts, FieldsCard, hasData, PayloadCard } from './Live'
import { PublishDialog } from './Publish'
import { violationText } from './violation'
import { QuarantinedCard } from './Quarantined'
import { ViolationsCard } from './Violations'

const NodeHistoryDialog = lazy(() => import('./NodeHistory').then((module) => ({ default: module.NodeHistoryDialog })))

type Node = Schemas['Node']

interface Props {
  path: string
  canWrite: boolean
  onSelect: (path: string) => void
  onEdit: (node: Node) => void
  onNewPath: () => void
  onNewTopic: () => void
  onDeleted: (parent: string) => void
  onRestored: (node: Node) => void
  onMove: (node: Node, how: 'move' | 'copy') => void
}

export function Breadcrumb({ path, onSelect }: { path: string; onSelect: (path: string) => void }) {
  const levels = path.split('/')
  return (
    <nav aria-label={t('uns.breadcrumb')} className="breadcrumb">
      <ol>
        {levels.map((level, index) => (
          <li key={index}>
            {index > 0 && <ChevronRight size={13} aria-hidden />}
            {index < levels.length - 1 ? (
              <button type="button" onClick={() => onSelect(levels.slice(0, index + 1).join('/'))}>
                {level}
              </button>
            ) : (
              <span aria-current="page">{level}</span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  )
}

/** A line "Topic a/b/c" with a copy button; the text is the topic byte for byte. */
export function CopyLine({ label, text, copyLabel, testId }: { label: string; text: string; copyLabel: string; testId: string }) {
  return (
    <p className="copy-line">
      <span className="muted">{label}</span> <code className="mono strong" data-testid={testId}>{text}</code>
      <CopyButton text={text} label={copyLabel} testId={`copy-${testId}`} />
    </p>
  )
}

export function NodeDetail(props: Props) {
  const { path, canWrite, onSelect, onEdit } = props
  const node = useNodeByPath(path)
  const [publishing, setPublishing] = useState(false)
  const [deleting, setDeleting] = useState(false)
  const [history, setHistory] = useState(false)
  if (node.isPending) {
    return (
      <div className="page">
        <Skeleton lines={8} />
      </div>
    )
  }
  if (node.isError) {
    const gone = node.error instanceof ApiError && node.error.status === 404
    return (
      <div className="page">
        <div className="card">
          {gone ? (
            <Empty icon={<TriangleAlert size={22} />} title={t('uns.gone.title')} testId="uns-gone">
              {tx('uns.gone.text', { path: <code key="p" className="mono">{path}</code> })}
            </Empty>
          ) : (
            <Failure error={node.error} retry={node.refetch} />
          )}
        </div>
      </div>
    )
  }
  const data = node.data
  const topic = data.type === 'TOPIC'
  const copy = (text: string, what: string) => {
    copyText(text).then(
      () => toast({ kind: 'ok', text: t('copied.what', { what }) }),
      () => toast({ kind: 'error', text: t('copy.failed') }),
    )
  }
  const items: MenuItem[] = [
    { label: t('copy.topic'), icon: <Copy size={16} aria-hidden />, onSelect: () => copy(data.topic ?? data.path, t('uns.topic')) },
    { label: t('copy.alias'), icon: <Copy size={16} aria-hidden />, onSelect: () => copy(data.alias, t('uns.alias')) },
    ...(canWrite
      ? [
          { label: t('move.menu'), icon: <FolderInput size={16} aria-hidden />, onSelect: () => props.onMove(data, 'move'), testId: 'node-move' },
          { label: t('move.copyMenu'), icon: <CopyPlus size={16} aria-hidden />, onSelect: () => props.onMove(data, 'copy'), testId: 'node-copy' },
        ]
      : []),
    { label: t('uns.exportBranch'), icon: <Download size={16} aria-hidden />, onSelect: () => exportBranch(data.path), testId: 'node-export' },
    ...(canWrite ? [{ label: t('delete'), icon: <Trash2 size={16} aria-hidden />, danger: true, separated: true, onSelect: () => setDeleting(true), testId: 'node-delete' }] : []),
  ]
  const actions = (
    <div className="row page-actions">
      {topic && <ExplainButton topic={data.topic ?? data.path} />}
      {canWrite && topic && data.effective.writable.value && (
        <Button icon={<Send size={16} aria-hidden />} onClick={() => setPublishing(true)} data-testid="publish">
          {t('publish')}
        </Button>
      )}
      {canWrite && !topic && (
        <>
          <Button icon={<FolderPlus size={16} aria-hidden />} onClick={props.onNewPath} data-testid="path-new-path">
            {t('uns.newPath')}
          </Button>
          <Button icon={<Tag size={16} aria-hidden />} onClick={props.onNewTopic} data-testid="path-new-topic">
            {t('uns.newTopic')}
          </Button>
        </>
      )}
      {canWrite && (
        <Button icon={<Pencil size={16} aria-hidden />} onClick={() => onEdit(data)} data-testid="edit-model">
          {topic ? t('uns.editModel') : t('edit')}
        </Button>
      )}
      <Menu label={t('actions.for', { name: data.name })} items={items} testId="node-menu" />
    </div>
  )
  return (
    <article className="page detail" aria-label={data.path} data-testid="uns-detail">
      <Breadcrumb path={path} onSelect={onSelect} />
      {topic ? <TopicBody node={data} canWrite={canWrite} actions={actions} publishing={publishing} onPublished={() => setPublishing(false)} /> : <PathBody node={data} actions={actions} onSelect={onSelect} onDelete={canWrite ? () => setDeleting(true) : undefined} />}
      <Definition node={data} onSelect={onSelect} onHistory={() => setHistory(true)} />
      <Suspense fallback={null}>{history && <NodeHistoryDialog node={data} canWrite={canWrite} onClose={() => setHistory(false)} />}</Suspense>
      <DeleteNode node={deleting ? data : undefined} onClose={() => setDeleting(false)} onDeleted={props.onDeleted} onRestored={props.onRestored} />
    </article>
  )
}

function TopicBody({ node, canWrite, actions, publishing, onPublished }: { node: Node; canWrite: boolean; actions: ReactNode; publishing: boolean; onPublished: () => void }) {
  const loaded = useValue(node.path)
  const current = useLiveDetail(node.liveId)
  const value = newest(loaded.data, current)
  const troubles = (
    <>
      {value && <ViolationsCard value={value} node={node} canWrite={canWrite} />}
      <QuarantinedCard node={node} canWrite={canWrite} />
    </>
  )
  return (
    <>
      <header className="detail-head">
        <TypeBadge type={node.topicType} large />
        <h1>{node.displayName ?? node.name}</h1>
        <State value={value} node={node} />
        {actions}
      </header>
      <CopyLine label={t('uns.topic')} text={node.topic ?? node.path} copyLabel={t('copy.topic')} testId="topic" />
      {node.wireTopic && <CopyLine label={t('uns.path')} text={node.path} copyLabel={t('copy.path')} testId="path" />}
      <CopyLine label={t('uns.alias')} text={node.alias} copyLabel={t('copy.alias')} testId="alias" />
      {hasData(value) ? (
        <>
          <Facts value={value} />
          {troubles}
          <div className="detail-cards">
            <PayloadCard value={value} />
            <FieldsCard value={value} fields={node.model?.fields ?? []} modeled />
          </div>
        </>
      ) : (
        <>
        {troubles}
        <div className="detail-cards">
          <section className="card">
            <Empty icon={<Hourglass size={22} />} title={t('value.waiting.title')} testId="waiting-for-data">
              {t('value.waiting.text')}
            </Empty>
          </section>
          <FieldsCard value={value} fields={node.model?.fields ?? []} modeled />
        </div>
        </>
      )}
      {publishing && <PublishDialog node={node} value={value} onClose={onPublished} />}
    </>
  )
}

/** Whichever is the later of the value loaded and the value streamed. */
export function newest(loaded: Schemas['Value'] | undefined, streamed: Schemas['Value'] | undefined): Schemas['Value'] | undefined {
  if (!streamed || !loaded) return streamed ?? loaded
  return streamed.messages >= loaded.messages ? streamed : loaded
}

function State({ value, node }: { value: Schemas['Value'] | undefined; node: Node }) {
  if (!hasData(value)) {
    return (
      <Pill tone="neutral" dot testId="node-state">
        {t('value.waiting.title')}
      </Pill>
    )
  }
  if (value.violationsInARow > 0) {
    return (
      <Pill tone="warn" testId="node-state" title={value.lastViolation ? violationText(value.lastViolation) : undefined}>
        <TriangleAlert size={13} aria-hidden /> {t('violations.now')}
      </Pill>
    )
  }
  if (value.quality === 'Uncertain' || value.quality === 'Bad') {
    return (
      <Pill tone={value.quality === 'Bad' ? 'err' : 'warn'} dot testId="node-state">
        {t(value.quality === 'Bad' ? 'quality.B' : 'quality.U')}
        {value.reason && ` · ${reasonText(value.reason)}`}
      </Pill>
    )
  }
  return node.effective.validation.value === 'OFF' || !node.model ? (
    <Pill tone="ok" dot testId="node-state">
      {t('quality.G')}
    </Pill>
  ) : (
    <Pill tone="ok" testId="node-state">
      <CircleCheck size={13} aria-hidden /> {t('value.matches')}
    </Pill>
  )
}

function PathBody({ node, actions, onSelect, onDelete }: { node: Node; actions: ReactNode; onSelect: (path: string) => void; onDelete: (() => void) | undefined }) {
  return (
    <>
      <header className="detail-head">
        <span className="path-icon">
          <PathIcon type={node.topicType} size={18} />
        </span>
        <h1>{node.displayName ?? node.name}</h1>
        <Pill tone="neutral">{tn('uns.topics', node.topicCount)}</Pill>
        {actions}
      </header>
      <CopyLine label={t('uns.path')} text={node.path} copyLabel={t('copy.path')} testId="topic" />
      <CopyLine label={t('uns.alias')} text={node.alias} copyLabel={t('copy.alias')} testId="alias" />
      {node.description && <p className="sub">{node.description}</p>}
      <ExampleNote labels={node.labels} onRemove={onDelete} />
      <ChildrenCard path={node.path} onSelect={onSelect} />
    </>
  )
}

/** What holds for a node, and the path that says so if it is not the node itself. */
function Held({ children, from, onSelect }: { children: ReactNode; from: string | null; onSelect: (path: string) => void }) {
  return (
    <>
      {children}
      {from !== null && (
        <span className="sub block">
          {tx('inherit.from', { path: <button key="p" type="button" className="link mono" onClick={() => onSelect(from)}>{from}</button> })}
        </span>
      )}
    </>
  )
}

/** Whether the node or one above it says a number, be it 0. */
const isSaid = (held: { value: number; inheritedFrom: string | null }, own: number | null) => held.value > 0 || own === 0 || held.inheritedFrom !== null

/** The template that a topic pins, and how many fields it adds to it. */
function TemplateLink({ model }: { model: Schemas['Model'] }) {
  const version = useTemplateVersion(model.templateId ?? undefined, model.templateVersion ?? undefined)
  const added = model.fields.length - (model.templateFields ?? 0)
  return (
    <>
      <Link href={`/uns?${new URLSearchParams({ tab: 'templates', template: model.templateId!, version: model.templateVersion! })}`} data-testid="node-template-link">
        {version.data?.name ?? t('templates.one')} {model.templateVersion}
      </Link>
      {added > 0 && <span className="sub block">{tn('templates.added', added)}</span>}
    </>
  )
}

/** What the node is, in its own words and numbers. */
function Definition({ node, onSelect, onHistory }: { node: Node; onSelect: (path: string) => void; onHistory: () => void }) {
  const { validation, topicPolicy, staleAfterSeconds, timeZone, writable, maxPayloadBytes, maxMessagesPerSecond, closeOnReject } = node.effective
  const held = (name: string, content: ReactNode, from: string | null): [string, ReactNode] => [name, <Held from={from} onSelect={onSelect}>{content}</Held>]
  const facts: [string, ReactNode][] = [
    [t('uns.type'), node.type === 'PATH' ? t('type.PATH') : node.topicType ? t(`type.${node.topicType}`) : t('type.TOPIC')],
    ...(node.displayName ? ([[t('field.displayName'), node.displayName]] as [string, ReactNode][]) : []),
    ...(node.description && node.type === 'TOPIC' ? ([[t('field.description'), node.description]] as [string, ReactNode][]) : []),
    ...(node.isa95Level ? ([[t('uns.isa95'), t(`isa95.${node.isa95Level}`)]] as [string, ReactNode][]) : []),
    ...(node.labels.length > 0
      ? ([[t('uns.labels'), <span className="tags">{node.labels.map((label) => <span key={label} className="tag tag-fill">{label}</span>)}</span>]] as [string, ReactNode][])
      : []),
    ...(node.model?.templateId ? ([[t('templates.one'), <TemplateLink key="t" model={node.model} />]] as [string, ReactNode][]) : []),
    ...(node.payloadFormat ? ([[t('uns.format'), node.payloadFormat]] as [string, ReactNode][]) : []),
    held(t('uns.validation'), t(`validation.${validation.value}`), validation.inheritedFrom),
    ...(closeOnReject.value && validation.value === 'REJECT' ? [held(t('uns.closeOnReject'), t('yes'), closeOnReject.inheritedFrom)] : []),
    ...(node.type === 'PATH' ? [held(t('uns.topicPolicy'), t(`topicPolicy.${topicPolicy.value}`), topicPolicy.inheritedFrom)] : []),
    ...(isSaid(staleAfterSeconds, node.staleAfterSeconds) ? [held(t('uns.staleAfter'), staleText(staleAfterSeconds.value), staleAfterSeconds.inheritedFrom)] : []),
    ...(isSaid(maxPayloadBytes, node.maxPayloadBytes) ? [held(t('uns.maxPayload'), boundText(maxPayloadBytes.value, bytes), maxPayloadBytes.inheritedFrom)] : []),
    ...(isSaid(maxMessagesPerSecond, node.maxMessagesPerSecond) ? [held(t('uns.maxRate'), boundText(maxMessagesPerSecond.value, number), maxMessagesPerSecond.inheritedFrom)] : []),
    ...(timeZone.value === null ? [] : [held(t('uns.timeZone'), timeZone.value, timeZone.inheritedFrom)]),
    ...(writable.value ? [] : [held(t('inherit.writable'), t('no'), writable.inheritedFrom)]),
    ...Object.entries(node.extendProperties),
    [t('uns.revision'), <span title={exact(node.updatedAt)}>{t('uns.changed', { n: number(node.revision), day: day(node.updatedAt), who: node.updatedBy })}</span>],
  ]
  return (
    <section className="card" aria-labelledby="definition-title">
      <div className="card-head">
        <h2 id="definition-title">{t('uns.definition')}</h2>
        <span className="grow" />
        <Button icon={<History size={15} aria-hidden />} onClick={onHistory} data-testid="node-history-open">
          {t('versions.open')}
        </Button>
      </div>
      <dl className="facts-grid">
        {facts.map(([name, content]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{content}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
