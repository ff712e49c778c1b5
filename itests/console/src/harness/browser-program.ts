/** Finds the browser that the tests drive. */
import { spawnSync } from 'node:child_process'
import { accessSync, chmodSync, constants, createReadStream, createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress } from 'node:zlib'
import { untar } from './archive'
import { moduleFolder, target } from './paths'

export interface BrowserProgram {
  /** What it says of itself, and where it comes from. */
  name: string
  executable: string
  /** What its process needs in its environment. */
  env: Record<string, string>
}

declare module 'vitest' {
  interface ProvidedContext {
    browser: BrowserProgram
  }
}

const packaged = join(moduleFolder, 'node_modules', '@sparticuz', 'chromium')
/** What the console's own fonts leave out, such as arrows. */
const fonts = join(moduleFolder, 'node_modules', 'dejavu-fonts-ttf', 'ttf')

/**
 * The one that BUSBAR_CHROMIUM names, else the one that npm brings, which is the same everywhere, else Chromium, Chrome or
 * Edge of the system.
 */
export async function findBrowser(): Promise<BrowserProgram> {
  const named = process.env.BUSBAR_CHROMIUM
  if (named !== undefined && named !== '') return started({ name: named, executable: named, env: {} })

  const problems: string[] = []
  const attempts = [unpackBrowser, ...systemBrowsers().map(executable => () => ({ name: executable, executable, env: {} }))]
  for (const attempt of attempts) {
    try {
      return started(await attempt())
    } catch (problem) {
      problems.push(problem instanceof Error ? problem.message : String(problem))
    }
  }
  throw new Error(
    'No browser for the console tests. Install Chromium, Chrome or Edge, or set BUSBAR_CHROMIUM to one. Tried:\n' +
      problems.map(problem => `  ${problem}`).join('\n'),
  )
}

/** Fails when the program does not run here: a library is missing, or it is for other machines. */
function started(browser: BrowserProgram): BrowserProgram {
  const answer = spawnSync(browser.executable, ['--version'], { env: { ...process.env, ...browser.env }, encoding: 'utf8', timeout: 20_000 })
  if (answer.status !== 0) throw new Error(`${browser.name} does not start: ${answer.error?.message ?? answer.stderr.trim()}`)
  return { ...browser, name: `${answer.stdout.trim()}, ${browser.name}` }
}

/** Unpacks the browser of the package once. Its libraries and fonts come by npm, too: a bare machine has neither. */
async function unpackBrowser(): Promise<BrowserProgram> {
  const { name, version } = JSON.parse(readFileSync(join(packaged, 'package.json'), 'utf8')) as { name: string; version: string }
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error(`${name} is for Linux on x64 only`)
  const folder = join(target, 'browser', version)
  const fontSettings = join(folder, 'fonts.conf')
  if (!existsSync(folder)) {
    const partial = `${folder}.partial`
    rmSync(partial, { recursive: true, force: true })
    mkdirSync(partial, { recursive: true })
    for (const file of ['chromium', 'al2023.tar']) {
      await pipeline(createReadStream(join(packaged, 'bin', `${file}.br`)), createBrotliDecompress(), createWriteStream(join(partial, file)))
    }
    chmodSync(join(partial, 'chromium'), 0o755)
    untar(join(partial, 'al2023.tar'), partial)
    renameSync(partial, folder)
  }
  writeFileSync(fontSettings, `<fontconfig><dir>${fonts}</dir><cachedir>${join(folder, 'fonts-cache')}</cachedir></fontconfig>\n`)
  const libraries = [join(folder, 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter)
  return {
    name: `${name} ${version} from npm`,
    executable: join(folder, 'chromium'),
    // These fonts and no others, so that the pictures are the same everywhere.
    env: { LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: fontSettings },
  }
}

function systemBrowsers(): string[] {
  const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'microsoft-edge-stable']
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap(folder => commands.map(command => join(folder, command)))
  const onMac = ['Chromium', 'Google Chrome', 'Microsoft Edge'].map(name => `/Applications/${name}.app/Contents/MacOS/${name}`)
  return [...onPath, ...onMac].filter(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
