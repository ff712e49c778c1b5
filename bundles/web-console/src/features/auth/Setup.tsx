import { KeyRound, Terminal, User } from 'lucide-react'
import { useEffect, useState } from 'react'
import { api, ApiError, unwrap, type Schemas } from '../../api/client'
import { t, tx } from '../../i18n'
import { Button, Field, Note } from '../../ui/basics'
import { CopyButton } from '../../ui/iconbutton'
import { Failure } from '../../ui/states'
import { AuthFrame } from './Frame'
import { MIN_PASSWORD, PasswordInput } from './PasswordInput'

/** The token of the one-time link. It stays in the fragment, which no browser sends to a server or writes into a log. */
function tokenOfLocation(): string {
  return decodeURIComponent(globalThis.location.hash.replace(/^#/, ''))
}

/** What is known of the link; nobody is asked for a password before it is known to be good. */
type LinkState = { state: 'checking' | 'good' } | { state: 'bad' | 'unknown'; error: ApiError }

function useLink(token: string): [LinkState, () => void] {
  const [link, setLink] = useState<LinkState>({ state: 'checking' })
  const [tries, setTries] = useState(0)
  useEffect(() => {
    if (token === '') return
    let current = true
    const found = (state: LinkState) => current && setLink(state)
    setLink({ state: 'checking' })
    unwrap(api.POST('/setup/link', { body: { token } })).then(
      () => found({ state: 'good' }),
      (error: ApiError) => found({ state: error.name === 'setup-token-invalid' ? 'bad' : 'unknown', error }),
    )
    return () => {
      current = false
    }
  }, [token, tries])
  return [link, () => setTries(tries + 1)]
}

/** First run: the one-time link makes the first admin. */
export default function Setup({ status, link: cameByLink, onDone }: { status: Schemas['SetupStatus']; link: boolean; onDone: (me: Schemas['Me']) => void }) {
  const [token, setToken] = useState(tokenOfLocation)
  useEffect(() => {
    // Somebody pasted the link into this very tab: only the fragment changes.
    const changed = () => setToken(tokenOfLocation())
    globalThis.addEventListener('hashchange', changed)
    return () => globalThis.removeEventListener('hashchange', changed)
  }, [])
  const [link, check] = useLink(cameByLink ? token : '')
  if (!cameByLink || token === '') return <SetupWaiting status={status} />
  switch (link.state) {
    case 'checking':
      return <div className="boot" role="status" aria-label={t('loading')} />
    case 'bad':
      return <SetupWaiting status={status} dead />
    case 'unknown':
      return (
        <AuthFrame status={status}>
          <Failure error={link.error} retry={check} heading="h1" />
        </AuthFrame>
      )
    case 'good':
      return <SetupForm token={token} status={status} onDone={onDone} />
  }
}

function SetupForm({ token, status, onDone }: { token: string; status: Schemas['SetupStatus']; onDone: (me: Schemas['Me']) => void }) {
  const [username, setUsername] = useState('admin')
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const [error, setError] = useState<ApiError>()
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)

  const tooShort = password.length < MIN_PASSWORD
  const different = password !== again
  const submit = async () => {
    setTried(true)
    if (busy || tooShort || different || username.trim() === '') return
    setBusy(true)
    try {
      const me = await unwrap(api.POST('/setup', { body: { token, username: username.trim(), password } }))
      globalThis.history.replaceState(null, '', globalThis.location.pathname)
      onDone(me)
    } catch (failure) {
      setError(failure as ApiError)
    } finally {
      setBusy(false)
    }
  }
  return (
    <AuthFrame status={status}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
        data-testid="setup-form"
      >
        <h1>{t('setup.title')}</h1>
        <p className="auth-sub">{t('setup.text', { server: status.serverName })}</p>
        {error && !error.field('username') && !error.field('password') && (
          <Note tone="err" icon={<KeyRound size={17} aria-hidden />} testId="setup-error">
            {error.name === 'setup-token-invalid' ? t('setup.tokenInvalid') : error.name === 'offline' ? t('error.offline.text') : error.message}
          </Note>
        )}
        <Field label={t('username')} error={tried && username.trim() === '' ? t('required') : error?.field('username')}>
          {(props) => (
            <div className="input-icon">
              <User size={16} aria-hidden />
              <input
                {...props}
                className="input"
                name="username"
                autoComplete="username"
                autoCapitalize="none"
                spellCheck={false}
                value={username}
                onChange={(event) => setUsername(event.target.value)}
                data-testid="setup-username"
              />
            </div>
          )}
        </Field>
        <Field
          label={t('password')}
          hint={t('setup.passwordHint', { n: MIN_PASSWORD })}
          error={tried && tooShort ? t('setup.passwordShort', { n: MIN_PASSWORD, left: MIN_PASSWORD - password.length }) : error?.field('password')}
        >
          {(props) => (
            <PasswordInput
              {...props}
              name="new-password"
              autoComplete="new-password"
              autoFocus
              value={password}
              onChange={(event) => setPassword(event.target.value)}
              data-testid="setup-password"
            />
          )}
        </Field>
        <Field label={t('setup.again')} error={tried && !tooShort && different ? t('setup.different') : undefined}>
          {(props) => (
            <PasswordInput
              {...props}
              name="new-password-again"
              autoComplete="new-password"
              value={again}
              onChange={(event) => setAgain(event.target.value)}
              data-testid="setup-password-again"
            />
          )}
        </Field>
        <Button type="submit" variant="primary" size="l" busy={busy} data-testid="setup-submit">
          {t('setup.submit')}
        </Button>
      </form>
    </AuthFrame>
  )
}

/** Somebody came without the link while no admin exists, or with one that is dead. */
function SetupWaiting({ status, dead }: { status: Schemas['SetupStatus']; dead?: boolean }) {
  return (
    <AuthFrame status={status}>
      <div data-testid="setup-waiting">
        <h1>{t('setup.waiting.title')}</h1>
        <p className="auth-sub">{t('setup.waiting.text')}</p>
        {dead && (
          <Note tone="err" icon={<KeyRound size={17} aria-hidden />} testId="setup-error">
            {t('setup.tokenInvalid')}
          </Note>
        )}
        <Note tone="info" icon={<Terminal size={17} aria-hidden />}>
          {tx('setup.waiting.link', {
            link: (
              <code key="link" className="mono">
                {`${globalThis.location.origin}/setup#…`}
              </code>
            ),
          })}
        </Note>
        <p className="auth-sub">{t('setup.waiting.lost')}</p>
        <div className="command">
          <code className="mono">edge:setup-link</code>
          <CopyButton text="edge:setup-link" label={t('copy.command')} />
        </div>
      </div>
    </AuthFrame>
  )
}
