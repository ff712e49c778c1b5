import { CSPProvider } from '@base-ui/react/csp-provider'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { CircleHelp } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import { ApiError, type Schemas } from '../api/client'
import { live } from '../api/live'
import { useInvalidateOnEvents } from '../api/queries'
import { t } from '../i18n'
import { Empty, Skeleton } from '../ui/states'
import { Shell } from './Shell'

const Overview = lazy(() => import('../features/overview/Overview'))
const Edge = lazy(() => import('../features/edge/Edge'))
const Uns = lazy(() => import('../features/uns/Uns'))
const Violations = lazy(() => import('../features/uns/ViolationsPage'))
const Stale = lazy(() => import('../features/uns/StalePage'))

function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // A refusal stays a refusal; a lost connection is tried again.
        retry: (count, error) => error instanceof ApiError && error.name === 'offline' && count < 2,
        staleTime: 5_000,
        refetchOnWindowFocus: true,
      },
      mutations: { retry: false },
    },
  })
}

interface Props {
  me: Schemas['Me']
  onSignedOut: () => void
}

/** Everything behind the sign-in. What was known is forgotten with the session. */
export default function SignedIn(props: Props) {
  const [client] = useState(newQueryClient)
  useEffect(() => {
    live.start()
    return () => {
      live.stop()
      client.clear()
    }
  }, [client])
  return (
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={client}>
        <Pages {...props} />
      </QueryClientProvider>
    </CSPProvider>
  )
}

/** The frame and the pages. */
function Pages({ me, onSignedOut }: Props) {
  useInvalidateOnEvents()
  const canWrite = me.role === 'ADMIN' || me.role === 'ENGINEER'
  const canOperate = canWrite || me.role === 'OPERATOR'
  return (
    <Shell me={me} onSignedOut={onSignedOut}>
      <Suspense
        fallback={
          <div className="page">
            <Skeleton lines={6} />
          </div>
        }
      >
        <Switch>
          <Route path="/">
            <Overview />
          </Route>
          <Route path="/edge/:tab?">{({ tab }) => <Edge tab={tab} canWrite={canWrite} canOperate={canOperate} />}</Route>
          <Route path="/uns">
            <Uns canWrite={canWrite} />
          </Route>
          <Route path="/uns/violations">
            <Violations canWrite={canWrite} />
          </Route>
          <Route path="/uns/stale">
            <Stale />
          </Route>
          <Route path="/login">
            <Redirect to="/" replace />
          </Route>
          <Route path="/setup">
            <Redirect to="/" replace />
          </Route>
          <Route>
            <div className="page">
              <Empty icon={<CircleHelp size={22} />} title={t('notFound.title')} heading="h1">
                {t('notFound.text')}
              </Empty>
            </div>
          </Route>
        </Switch>
      </Suspense>
    </Shell>
  )
}
