import { lazy, Suspense } from 'react'
import { Router, useLocation } from 'wouter'
import { rootPath, type Schemas } from '../api/client'
import { Login } from '../features/auth/Login'
import { loadConsoleTexts, useLanguage } from '../i18n'
import { Failure } from '../ui/states'
import { Toasts } from '../ui/toast'
import { useSession } from './session'

const Setup = lazy(() => import('../features/auth/Setup'))
// The larger part of the code and of the texts comes only when somebody is signed in.
const SignedIn = lazy(async () => {
  const [page] = await Promise.all([import('./SignedIn'), loadConsoleTexts()])
  return page
})

/** Which of these the visitor sees: first set-up, sign in, or the console. */
function Gate() {
  const [location, navigate] = useLocation()
  const { session, reload, entered, left } = useSession()
  const enter = (me: Schemas['Me']) => {
    entered(me)
    if (location === '/login' || location === '/setup') navigate('/', { replace: true })
  }
  switch (session.state) {
    case 'loading':
      return <div className="boot" role="status" aria-label="Busbar" />
    case 'error':
      return (
        <main className="boot">
          <Failure error={session.error} retry={reload} heading="h1" />
        </main>
      )
    case 'setup':
      return (
        <Suspense fallback={<div className="boot" />}>
          <Setup status={session.status} link={location === '/setup'} onDone={enter} />
        </Suspense>
      )
    case 'out':
      return (
        <Login status={session.status} reason={session.ended ? 'ended' : location === '/setup' ? 'set-up' : 'none'} onDone={enter} />
      )
    case 'in':
      return (
        <Suspense fallback={<div className="boot" />}>
          <SignedIn me={session.me} onSignedOut={left} />
        </Suspense>
      )
  }
}

export function App() {
  const language = useLanguage()
  return (
    <Router base={rootPath()} key={language}>
      <Gate />
      <Toasts />
    </Router>
  )
}
