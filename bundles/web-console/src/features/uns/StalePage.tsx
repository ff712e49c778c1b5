import { CircleCheck, Hourglass } from 'lucide-react'
import { Link } from 'wouter'
import { useStale } from '../../api/queries'
import { number, t, tn } from '../../i18n'
import { Ago } from '../../ui/basics'
import { Empty, Failure, TableSkeleton } from '../../ui/states'
import { TableScroll } from '../../ui/tablescroll'
import { staleText } from './model'

/** As many as the server gives at once. */
const MOST = 1_000

/** Topics whose values are older than they may be, the longest first. */
export default function StalePage() {
  const stale = useStale(MOST)
  const items = stale.data?.items ?? []
  return (
    <div className="page">
      <nav aria-label={t('uns.breadcrumb')} className="breadcrumb">
        <ol>
          <li>
            <Link href="/uns">{t('nav.uns')}</Link>
          </li>
        </ol>
      </nav>
      <header className="page-head">
        <div>
          <h1>{t('stale.title')}</h1>
          <p className="page-sub" data-testid="stale-summary">
            {stale.data ? tn('stale.summary', stale.data.total) : ' '}
          </p>
        </div>
      </header>
      <section className="card table-card">
        {stale.isPending ? (
          <TableSkeleton rows={4} columns={3} />
        ) : stale.isError ? (
          <Failure error={stale.error} retry={stale.refetch} />
        ) : items.length === 0 ? (
          <Empty icon={<CircleCheck size={22} />} title={t('stale.none')} testId="stale-none">
            {t('stale.noneText')}
          </Empty>
        ) : (
          <TableScroll label={t('stale.title')}>
            <table aria-label={t('stale.title')} data-testid="stale-table">
              <thead>
                <tr>
                  <th scope="col">{t('uns.topic')}</th>
                  <th scope="col">{t('stale.since')}</th>
                  <th scope="col" className="from-2">
                    {t('uns.staleAfter')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {items.map((item) => (
                  <tr key={item.path}>
                    <td>
                      <Link href={`/uns?${new URLSearchParams({ path: item.path })}`} className="child">
                        <Hourglass size={15} aria-hidden />
                        <span className="mono cut wide">{item.path}</span>
                      </Link>
                    </td>
                    <td>
                      <Ago time={item.since} />
                    </td>
                    <td className="from-2">{staleText(item.staleAfterSeconds)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </TableScroll>
        )}
        {stale.data && stale.data.total > items.length && (
          <div className="table-foot">
            <span>{t('showing', { n: number(items.length), total: number(stale.data.total) })}</span>
          </div>
        )}
      </section>
    </div>
  )
}
