import { Tabs } from '@base-ui/react/tabs'
import { Pencil, Plus, Trash2, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import { api, ApiError, unwrap, type Schemas } from '../../api/client'
import { keys, useChange } from '../../api/queries'
import { usePinningTopics, useTemplate, useTemplateVersion } from '../../api/templates'
import { day, number, t, tn } from '../../i18n'
import { Button, Pill, Select } from '../../ui/basics'
import { Menu, type MenuItem } from '../../ui/menu'
import { Confirm } from '../../ui/overlays'
import { Empty, Failure, Skeleton } from '../../ui/states'
import { toast } from '../../ui/toast'
import { useUrlState } from '../../ui/url'
import { changeText, markOf } from './templatechanges'
import { TemplateFields } from './TemplateFields'
import { TemplateMove } from './TemplateMove'
import { TemplateEditor, type TemplateTarget } from './TemplateEditor'

type Template = Schemas['Template']
type Version = Schemas['TemplateVersion']

/** A template at right: the fields of a version, what is new in it, its versions, and the topics that pin it. */
export function TemplateDetail({ id, canWrite, onDeleted }: { id: string; canWrite: boolean; onDeleted: () => void }) {
  const template = useTemplate(id)
  if (template.isPending) {
    return (
      <div className="page">
        <Skeleton lines={8} />
      </div>
    )
  }
  if (template.isError) {
    const gone = template.error instanceof ApiError && template.error.status === 404
    return (
      <div className="page">
        <div className="card">
          {gone ? (
            <Empty icon={<TriangleAlert size={22} />} title={t('templates.gone')} testId="template-gone">
              {t('templates.goneText')}
            </Empty>
          ) : (
            <Failure error={template.error} retry={template.refetch} />
          )}
        </div>
      </div>
    )
  }
  return <Detail template={template.data} canWrite={canWrite} onDeleted={onDeleted} />
}

function Detail({ template, canWrite, onDeleted }: { template: Template; canWrite: boolean; onDeleted: () => void }) {
  const [asked, setVersion] = useUrlState('version')
  const [since, setSince] = useUrlState('since')
  const [view, setView] = useUrlState('show')
  const [editor, setEditor] = useState<TemplateTarget>()
  const [deleting, setDeleting] = useState(false)
  const shown = template.versions.find(({ version }) => version === asked)?.version ?? template.latest
  const version = useTemplateVersion(template.id, shown, template.versions.some((each) => each.version === since) ? since : undefined)
  const remove = useChange(() => unwrap(api.DELETE('/templates/{id}', { params: { path: { id: template.id }, header: { 'If-Match': `"${template.revision}"` } } })), keys.namespace)
  const items: MenuItem[] = [
    { label: t('templates.describe'), icon: <Pencil size={16} aria-hidden />, onSelect: () => setEditor({ mode: 'describe', template }), testId: 'template-describe' },
    { label: t('delete'), icon: <Trash2 size={16} aria-hidden />, onSelect: () => setDeleting(true), danger: true, separated: true, testId: 'template-delete' },
  ]
  return (
    <article className="page detail" aria-label={template.name} data-testid="template-detail">
      <header className="detail-head">
        <h1>{template.name}</h1>
        <Select aria-label={t('templates.version')} className="version-select" value={shown} onChange={(event) => setVersion(event.target.value === template.latest ? '' : event.target.value)} data-testid="template-version">
          {template.versions.map((each) => (
            <option key={each.version} value={each.version}>
              {each.version === template.latest ? t('templates.latest', { version: each.version }) : each.version}
            </option>
          ))}
        </Select>
        <div className="row page-actions">
          {canWrite && version.data && (
            <Button variant="primary" icon={<Plus size={16} aria-hidden />} onClick={() => setEditor({ mode: 'version', template, version: version.data })} data-testid="template-new-version">
              {t('templates.newVersion')}
            </Button>
          )}
          {canWrite && <Menu label={t('actions.for', { name: template.name })} items={items} testId="template-menu" />}
        </div>
      </header>
      {template.description && <p className="sub">{template.description}</p>}
      <dl className="facts">
        <div>
          <dt>{t('templates.topics')}</dt>
          <dd className="num">{number(template.topics)}</dd>
        </div>
        {template.topicsOnOlder > 0 && (
          <div>
            <dt>{t('templates.onOlder')}</dt>
            <dd className="num">{number(template.topicsOnOlder)}</dd>
          </div>
        )}
        {version.data && (
          <div>
            <dt>{t('editor.unknown')}</dt>
            <dd>{t(`unknown.${version.data.model.unknownFields ?? 'ALLOW'}`)}</dd>
          </div>
        )}
        {template.alias && (
          <div>
            <dt>{t('uns.alias')}</dt>
            <dd className="mono">{template.alias}</dd>
          </div>
        )}
      </dl>
      <Tabs.Root value={view || 'fields'} onValueChange={(next) => setView(next === 'fields' ? '' : (next as string))}>
        <Tabs.List className="tabs" aria-label={template.name}>
          <Tabs.Tab value="fields" className="tab">
            {t('model.fields')} <span className="count num">{number(version.data?.fields ?? template.fields)}</span>
          </Tabs.Tab>
          <Tabs.Tab value="topics" className="tab" data-testid="template-tab-topics">
            {t('templates.topics')} <span className="count num">{number(template.topics)}</span>
          </Tabs.Tab>
        </Tabs.List>
      </Tabs.Root>
      {view === 'topics' ? (
        <Topics template={template} />
      ) : version.isError ? (
        <Failure error={version.error} retry={version.refetch} />
      ) : !version.data ? (
        <Skeleton lines={6} />
      ) : (
        <>
          <section className="card table-card">
            <TemplateFields fields={version.data.model.fields} changes={version.data.changes} />
          </section>
          <div className="detail-cards">
            <Changes template={template} version={version.data} onSince={setSince} />
            <Versions template={template} shown={shown} canWrite={canWrite} onShow={(next) => setVersion(next === template.latest ? '' : next)} />
          </div>
        </>
      )}
      {editor && <TemplateEditor target={editor} onClose={() => setEditor(undefined)} onSaved={() => setEditor(undefined)} />}
      <Confirm
        open={deleting}
        onClose={() => setDeleting(false)}
        title={t('templates.deleteTitle', { name: template.name })}
        action={t('delete')}
        danger
        run={async () => {
          await remove.mutateAsync(undefined)
          toast({ kind: 'ok', text: t('templates.deleted', { name: template.name }) })
          onDeleted()
        }}
        testId="template-delete-confirm"
      >
        {template.topics > 0 ? tn('templates.deletePinned', template.topics) : tn('templates.deleteText', template.versions.length)}
      </Confirm>
    </article>
  )
}

/** How a version differs from another one, in words and signs. */
function Changes({ template, version, onSince }: { template: Template; version: Version; onSince: (since: string) => void }) {
  const others = template.versions.filter((each) => each.version !== version.version)
  const toCheck = version.changes.filter(({ breaks }) => breaks).length
  return (
    <section className="card" aria-labelledby="changes-title" data-testid="template-changes">
      <div className="card-head">
        <h2 id="changes-title">{version.since ? `${version.since} → ${version.version}` : version.version}</h2>
        {toCheck > 0 && <Pill tone="warn">{t('templates.toCheck', { n: toCheck })}</Pill>}
        <span className="grow" />
        {others.length > 1 && (
          <Select aria-label={t('templates.since')} value={version.since ?? ''} onChange={(event) => onSince(event.target.value)}>
            {others.map((each) => (
              <option key={each.version}>{each.version}</option>
            ))}
          </Select>
        )}
      </div>
      {version.since === null ? (
        <p className="card-empty">{t('templates.first')}</p>
      ) : version.changes.length === 0 ? (
        <p className="card-empty">{t('templates.sameFields')}</p>
      ) : (
        <ul className="change-list">
          {version.changes.map((change) => (
            <li key={change.field}>
              <span className={`mark mark-${change.kind.toLowerCase()} mono`} aria-hidden>
                {markOf(change.kind)}
              </span>
              <span className="two-lines grow">
                <code className="mono strong">{change.field}</code>
                <span className="muted small">{changeText(change)}</span>
              </span>
              <Pill tone={change.breaks ? 'warn' : 'ok'}>{change.breaks ? t('templates.check') : t('templates.safe')}</Pill>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** The versions, the newest first, with the topics that pin each. */
function Versions({ template, shown, canWrite, onShow }: { template: Template; shown: string; canWrite: boolean; onShow: (version: string) => void }) {
  return (
    <section className="card" aria-labelledby="versions-title">
      <div className="card-head">
        <h2 id="versions-title">{t('templates.versionsTitle')}</h2>
        <span className="card-note">{t('templates.pinnedToEach')}</span>
      </div>
      <ol className="version-list" data-testid="template-versions">
        {template.versions.map((each) => (
          <li key={each.version} aria-current={each.version === shown ? 'true' : undefined}>
            <div className="row between">
              <span>
                <button type="button" className="link strong num" onClick={() => onShow(each.version)} data-testid={`template-show-${each.version}`}>
                  {each.version}
                </button>{' '}
                {each.version === template.latest && <span className="tag tag-fill">{t('templates.latestTag')}</span>}{' '}
                <span className="muted small">
                  {day(each.createdAt)} · {each.createdBy}
                </span>
              </span>
              <strong className="num">{tn('uns.topics', each.topics)}</strong>
            </div>
            {each.note && <p className="small">{each.note}</p>}
            {each.topics > 0 && each.version !== template.latest && <TemplateMove template={template} from={each.version} canWrite={canWrite} />}
          </li>
        ))}
      </ol>
    </section>
  )
}

/** The topics that pin a template, and what they add. */
function Topics({ template }: { template: Template }) {
  const topics = usePinningTopics(template.id, undefined)
  if (topics.isPending) return <Skeleton lines={6} />
  if (topics.isError) return <Failure error={topics.error} retry={topics.refetch} />
  const items = topics.data.pages.flatMap((page) => page.items)
  if (items.length === 0) return <p className="card-empty">{t('templates.noTopics')}</p>
  return (
    <section className="card table-card">
      <table aria-label={t('templates.topics')} data-testid="template-topics">
        <thead>
          <tr>
            <th scope="col">{t('uns.topic')}</th>
            <th scope="col">{t('templates.version')}</th>
            <th scope="col">{t('templates.adds')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((each) => (
            <tr key={each.id}>
              <td>
                <Link href={`/uns?${new URLSearchParams({ path: each.path })}`} className="mono">
                  {each.path}
                </Link>
              </td>
              <td className="num">{each.version}</td>
              <td className="mono small">{each.adds.join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {topics.hasNextPage && (
        <button type="button" className="link template-more" onClick={() => void topics.fetchNextPage()}>
          {t('templates.more', { n: number(topics.data.pages[0]!.total - items.length) })}
        </button>
      )}
    </section>
  )
}
