import { useQuery } from '@tanstack/react-query'
import { ChevronRight, CircleHelp, Folder, Inbox } from 'lucide-react'
import { useState } from 'react'
import { api, unwrap, type Schemas } from '../../api/client'
import { keys } from '../../api/queries'
import { number, t, tn } from '../../i18n'
import { Button, classes } from '../../ui/basics'
import { Empty, Failure, Skeleton } from '../../ui/states'

type Cluster = Schemas['UnmodeledCluster']

/** Names that are shown of a cluster that is closed. */
const SHOWN = 5

/** What a payload without named values is. */
function kind({ format }: Cluster): string {
  switch (format) {
    case 'SCALAR':
      return t('clusters.scalar')
    case 'TEXT':
      return t('clusters.text')
    case 'BINARY':
      return t('clusters.binary')
    default:
      return format
  }
}

function names({ fields, moreFields }: Cluster): string {
  const more = fields.length - SHOWN + moreFields
  return fields.slice(0, SHOWN).join(', ') + (more > 0 ? ` …${number(more)}` : '')
}

interface Props {
  selected: string | undefined
  onSelect: (topic: string) => void
  onBranch: (branch: string) => void
}

/** The topics nobody modelled, gathered by what their payloads look like: what is alike is often one kind of machine. */
export function UnmodeledClusters({ selected, onSelect, onBranch }: Props) {
  const loaded = useQuery({
    queryKey: [...keys.namespace, 'clusters'],
    queryFn: () => unwrap(api.GET('/namespace/unmodeled/clusters', { params: { query: {} } })),
    // All payloads are read for it: again when somebody asks.
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  })
  const [open, setOpen] = useState<number>()
  if (loaded.isError) return <Failure error={loaded.error} retry={loaded.refetch} />
  if (!loaded.data) {
    return (
      <div className="tree">
        <Skeleton lines={8} />
      </div>
    )
  }
  const { items } = loaded.data
  if (items.length === 0) {
    return (
      <div className="tree">
        <Empty icon={<Inbox size={22} />} title={t('unmodeled.none.title')}>
          {t('unmodeled.none.text')}
        </Empty>
      </div>
    )
  }
  return (
    <div className="tree clusters">
      <ul aria-label={t('clusters.title')} data-testid="unmodeled-clusters">
        {items.map((cluster, index) => (
          <li key={`${cluster.format} ${cluster.fields.join()} ${cluster.moreFields} ${cluster.examples[0]}`}>
            <button type="button" className={classes('cluster', open === index && 'on')} aria-expanded={open === index} onClick={() => setOpen(open === index ? undefined : index)} data-testid={`cluster-${index}`}>
              <ChevronRight size={15} className="expander" aria-hidden />
              <span className="two-lines">
                <strong>{tn('clusters.alike', cluster.topics)}</strong>
                <span className="mono small cut">{cluster.fields.length > 0 ? names(cluster) : kind(cluster)}</span>
                <span className="muted small cut">
                  {cluster.fields.length > 0 && `${tn('clusters.fields', cluster.fields.length + cluster.moreFields)} · `}
                  {cluster.publishers.slice(0, 3).join(', ')}
                  {cluster.publishers.length > 3 && ' …'}
                </span>
              </span>
            </button>
            {open === index && (
              <ul className="cluster-in">
                {cluster.branches.map(({ path, topics }) => (
                  <li key={`branch ${path}`}>
                    <button type="button" className={classes('cluster-item', selected === path && 'on')} onClick={() => onBranch(path)}>
                      <Folder size={15} aria-hidden /> <span className="mono cut">{path || t('unmodeled.emptyLevel')}</span> <span className="tree-count num">{number(topics)}</span>
                    </button>
                  </li>
                ))}
                {cluster.examples.map((topic) => (
                  <li key={`topic ${topic}`}>
                    <button type="button" className={classes('cluster-item', selected === topic && 'on')} onClick={() => onSelect(topic)}>
                      <CircleHelp size={15} className="muted" aria-hidden /> <span className="mono cut" title={topic}>{topic}</span>
                    </button>
                  </li>
                ))}
                {cluster.topics > cluster.examples.length && <li className="tree-note">{t('showing', { n: cluster.examples.length, total: cluster.topics })}</li>}
              </ul>
            )}
          </li>
        ))}
      </ul>
      <Button busy={loaded.isFetching} onClick={() => void loaded.refetch()} data-testid="clusters-again">
        {t('clusters.again')}
      </Button>
    </div>
  )
}
