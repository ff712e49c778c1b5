import { useQuery } from '@tanstack/react-query'
import { EyeOff, Folder, Wand2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { api, unwrap, type Schemas } from '../../api/client'
import { keys, useChange } from '../../api/queries'
import { number, t, tn } from '../../i18n'
import { whyText } from '../../i18n/why'
import { Button, Field, Input, Note, Pill, Segments } from '../../ui/basics'
import { Failure, Skeleton } from '../../ui/states'
import { TableScroll } from '../../ui/tablescroll'
import { toast } from '../../ui/toast'
import { cleanName, pathLike } from './model'
import { usePathProblem } from './usePathProblem'

type Report = Schemas['ConversionReport']

/** Most topics of a report that are drawn; problems come first. */
const SHOWN = 200
/** Kinds of problems that have a line of their own. */
const MOST_GROUPS = 8

interface Props {
  branch: string
  canWrite: boolean
  onConverted: (path: string) => void
  onIgnore: (filter: string) => void
}

/** A branch of topics nobody modelled: where they would go, what stands in the way, and the way into the namespace for all of them. */
export function UnmodeledBranch({ branch, canWrite, onConverted, onIgnore }: Props) {
  const branchProblem = usePathProblem(branch)
  const [own, setOwn] = useState<string>()
  const typed = own ?? (branchProblem ? pathLike(branch) : branch)
  const [topicType, setTopicType] = useState<Schemas['TopicType']>('METRIC')
  const problem = usePathProblem(cleanName(typed))
  const path = useSettled(cleanName(typed))
  const name = branch.split('/').at(-1) || branch || t('unmodeled.emptyLevel')
  const wanted = { branch, path, topicType }
  const rehearsal = useQuery({
    queryKey: ['convert-branch', wanted],
    queryFn: () => unwrap(api.POST('/namespace/unmodeled/convert-branch', { body: { ...wanted, dryRun: true } })),
    enabled: canWrite && path !== '' && path === cleanName(typed) && !problem,
    retry: false,
    // It goes through up to thousands of topics: again when somebody asks, not when somebody comes back to the window.
    refetchOnWindowFocus: false,
    gcTime: 0,
  })
  const convert = useChange(() => unwrap(api.POST('/namespace/unmodeled/convert-branch', { body: wanted })), keys.namespace)
  // What is to be converted is what was rehearsed: not while the path is being typed.
  const report = problem || path !== cleanName(typed) || rehearsal.isFetching ? undefined : rehearsal.data
  const possible = report !== undefined && report.problems === 0 && report.topics > report.skipped
  const run = () => {
    if (!possible || convert.isPending) return
    convert.mutate(undefined, {
      onSuccess: (result) => {
        if (result.nodes === 0) void rehearsal.refetch()
        else {
          toast({ kind: 'ok', text: tn('branch.done', result.topics - result.skipped) })
          onConverted(path)
        }
      },
    })
  }
  return (
    <article
      className="page detail"
      aria-label={branch || name}
      data-testid="unmodeled-branch"
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) run()
      }}
    >
      <p className="breadcrumb muted">{t('uns.unmodeled')}</p>
      <header className="detail-head">
        <span className="path-icon">
          <Folder size={18} aria-hidden />
        </span>
        <h1>{name}</h1>
        <Pill tone="warn">{t('value.unmodeled')}</Pill>
      </header>
      <code className="mono small muted">{branch}</code>
      {convert.isError && <Note tone="err">{convert.error.message}</Note>}
      {!canWrite ? (
        <p className="muted">{t('branch.noRight')}</p>
      ) : (
        <>
          <section className="card branch-where" aria-labelledby="branch-where">
            <div className="card-head">
              <h2 id="branch-where">{t('branch.where')}</h2>
            </div>
            <div className="branch-form">
              <Segments
                label={t('editor.type')}
                value={topicType}
                onChange={setTopicType}
                options={(['METRIC', 'STATE', 'ACTION'] as const).map((value) => ({ value, label: t(`type.${value}`), hint: t(`type.${value}.hint`) }))}
              />
              <Field label={t('convert.path')} hint={t('branch.pathHint')} error={problem}>
                {(props) => <Input {...props} mono value={typed} onChange={(event) => setOwn(event.target.value)} data-testid="branch-path" />}
              </Field>
            </div>
          </section>
          <section className="card table-card" aria-labelledby="branch-dry">
            <div className="card-head">
              <h2 id="branch-dry">{t('branch.dryRun')}</h2>
              {report && (
                <span className="card-note" role="status" data-testid="branch-summary">
                  {tn('branch.fit', report.topics - report.problems - report.skipped)}
                  {report.problems > 0 && <span className="down"> · {tn('branch.unfit', report.problems)}</span>}
                </span>
              )}
              <span className="grow" />
              <Button size="m" onClick={() => void rehearsal.refetch()} disabled={problem !== undefined} data-testid="branch-again">
                {t('branch.again')}
              </Button>
            </div>
            {report && report.topics > 0 && <FitBar report={report} />}
            {rehearsal.isError ? (
              <Failure error={rehearsal.error} retry={rehearsal.refetch} />
            ) : report ? (
              <Rows report={report} />
            ) : problem ? (
              <p className="card-empty">{problem}</p>
            ) : (
              <Skeleton lines={5} />
            )}
          </section>
          <footer className="branch-bar">
            <p role="status">
              {report && (
                <>
                  <strong>{tn(possible ? 'branch.willBe' : 'branch.fit', report.topics - report.problems - report.skipped)}</strong>
                  {report.problems > 0 && `${possible ? ' ' : '; '}${tn('branch.willNot', report.problems)}`}
                  {report.skipped > 0 && ` ${tn('branch.willStay', report.skipped)}`}
                </>
              )}
            </p>
            <span className="grow" />
            <Button icon={<EyeOff size={16} aria-hidden />} onClick={() => onIgnore(`${branch}/#`)} data-testid="branch-ignore">
              {t('ignore.rule')}
            </Button>
            <Button variant="primary" icon={<Wand2 size={16} aria-hidden />} busy={convert.isPending} disabled={!possible} onClick={run} aria-keyshortcuts="Control+Enter" data-testid="branch-convert">
              {report ? t('branch.convert', { n: number(report.topics - report.skipped) }) : t('convert')}
              <kbd aria-hidden data-keys="Ctrl ↵" />
            </Button>
          </footer>
        </>
      )}
    </article>
  )
}

function Rows({ report }: { report: Report }) {
  const rows = report.items.slice(0, SHOWN)
  return (
    <>
      {report.problems > 0 && (
        <>
          <Groups report={report} />
          <div className="branch-note">
            <Note tone="warn">{t('branch.allOrNone')}</Note>
          </div>
        </>
      )}
      <TableScroll label={t('branch.dryRun')}>
        <table aria-label={t('branch.dryRun')} data-testid="branch-rows">
          <thead>
            <tr>
              <th scope="col">{t('branch.topic')}</th>
              <th scope="col">{t('branch.becomes')}</th>
              <th scope="col" className="numeric">
                {t('value.fields')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.topic}>
                <td>
                  <Wire topic={row.topic} path={row.path} />
                </td>
                <td>
                  <div className="two-lines">
                    <span className="mono small strong">{row.path}</span>
                    {row.problem && <span className="down small">{whyText(row.why, row.problem)}</span>}
                    {row.skipped && <span className="muted small">{whyText(row.why, row.skipped)}</span>}
                  </div>
                </td>
                <td className="numeric">{number(row.fields)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
      {rows.some((row) => marks(row.topic, row.path).some(({ odd }) => odd)) && <p className="card-empty small">{t('branch.marked')}</p>}
      {report.topics > rows.length && <p className="card-empty">{t('showing', { n: number(rows.length), total: number(report.topics) })}</p>}
    </>
  )
}

/** How many fit: the whole bar is all topics. */
function FitBar({ report }: { report: Report }) {
  const share = (count: number) => `${(100 * count) / report.topics}%`
  return (
    <div className="fit-bar" aria-hidden>
      <span className="fits" style={{ width: share(report.topics - report.problems - report.skipped) }} />
      <span className="not" style={{ width: share(report.problems) }} />
    </div>
  )
}

/** The problems that are alike as one line: how many, what, and which topics. */
function Groups({ report }: { report: Report }) {
  const groups = new Map<string, { text: string; topics: string[] }>()
  for (const { topic, problem, why } of report.items) {
    if (!problem) continue
    const key = why ? `${why.code}/${why.parameters['at'] ?? ''}` : problem
    const known = groups.get(key)
    if (known) known.topics.push(topic)
    else groups.set(key, { text: whyText(why, problem), topics: [topic] })
  }
  return (
    <ul className="fit-groups" data-testid="branch-groups">
      {[...groups.values()]
        .sort((a, b) => b.topics.length - a.topics.length)
        .slice(0, MOST_GROUPS)
        .map(({ text, topics }) => (
          <li key={text}>
            <strong className="down num" aria-label={tn('branch.group', topics.length)}>
              {number(topics.length)}
            </strong>
            <span className="timeline-text">
              <span>{text}</span>
              <span className="muted small mono">{topics.length > 3 ? t('branch.andMore', { names: topics.slice(0, 3).join(', '), n: topics.length - 3 }) : topics.join(', ')}</span>
            </span>
          </li>
        ))}
    </ul>
  )
}

/** The characters of a topic; odd are those that its path could not take over. */
function marks(topic: string, path: string): { text: string; odd: boolean }[] {
  const wire = topic.split('/')
  // Where the branch goes may have more levels or fewer: the ends belong together.
  const names = path.split('/').slice(-wire.length)
  return wire.flatMap((level, index) => {
    const name = names[index + names.length - wire.length] ?? level
    const slash = index > 0 ? [{ text: '/', odd: false }] : []
    if (index === 0 || name === level) return [...slash, { text: level, odd: false }]
    const kept = new Set(name)
    const characters = [...level]
    // A space at an end is one that a name cannot have.
    const outer = (at: number) => characters[at] === ' ' && (at === 0 || at === characters.length - 1)
    return [...slash, ...characters.map((character, at) => ({ text: character, odd: !kept.has(character) || outer(at) }))]
  })
}

/** A topic as devices publish it, with a mark at what cannot be in a name. */
function Wire({ topic, path }: { topic: string; path: string }) {
  return (
    <span className="mono small">
      {marks(topic, path).map(({ text, odd }, index) => (odd ? <mark key={index}>{text === ' ' ? '␣' : text}</mark> : text))}
    </span>
  )
}

/** A text once nobody has typed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 400)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}
